"""
Maps from OpenStreetMap: `python -m data.osm build FILE.osm.pbf`, `list`, `use`, `export`, `remove`.

Exit codes: 0 done, 1 refused with a reason, 2 not understood, 130 stopped, 143 told to stop.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from data.compiled_code import stoppable, use_compiled_code
from data.errors import DataError, InvalidRoadMapError, MapFolderError
from data.instance import instance_dir, opened_database, setting
from data.progress import Progress, ProgressDisplay

STOPPED, TOLD_TO_STOP = 130, 143


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    use_compiled_code(instance_dir() / "numba")
    command: Callable[[argparse.Namespace], None] = options.command
    try:
        with stoppable():
            command(options)
    except DataError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was changed.", file=sys.stderr)
        return STOPPED
    return 0


def _stop(*_: object) -> NoReturn:
    sys.exit(TOLD_TO_STOP)


def _parser() -> argparse.ArgumentParser:
    where = argparse.ArgumentParser(add_help=False)
    where.add_argument(
        "--maps-dir",
        type=Path,
        # Before or after the command; one that is not given must not undo the other.
        default=argparse.SUPPRESS,
        help="where maps are kept (default: maps in TERRITOUR_INSTANCE_DIR, or in instance)",
    )
    parser = argparse.ArgumentParser(
        prog="python -m data.osm", description="Maps from OpenStreetMap extracts.", parents=[where]
    )
    commands = parser.add_subparsers(required=True, metavar="build | list | use | export | remove")

    build = commands.add_parser(
        "build", parents=[where], help="make a map from an extract, or make it anew"
    )
    source = build.add_mutually_exclusive_group(required=True)
    source.add_argument("file", type=Path, nargs="?", metavar="FILE.osm.pbf")
    source.add_argument(
        "--place", help='a place to fetch from OpenStreetMap: "Vaduz, Liechtenstein"'
    )
    build.add_argument("--overpass-url", help="server to ask for a place (or OVERPASS_URL)")
    build.add_argument("--nominatim-url", help="server that knows its outline (or NOMINATIM_URL)")
    build.add_argument("--name", help="of the map (default: that of the file)")
    build.add_argument("--profile", default="car", help="the vehicle (default: car)")
    build.add_argument(
        "--roads-only", action="store_true", help="no addresses, places, areas and basemap"
    )
    build.set_defaults(command=_build)

    listing = commands.add_parser("list", parents=[where], help="name the maps there are")
    listing.set_defaults(command=_list)

    use = commands.add_parser(
        "use", parents=[where], help="make the data set of a map the active one"
    )
    use.add_argument("name")
    use.set_defaults(command=_use)

    export = commands.add_parser(
        "export", parents=[where], help="write the roads of a map for other programs"
    )
    export.add_argument("name")
    export.add_argument("file", type=Path, metavar="FILE.graphml|FILE.gpkg")
    export.set_defaults(command=_export)

    remove = commands.add_parser("remove", parents=[where], help="remove a map from the disk")
    remove.add_argument("name")
    remove.set_defaults(command=_remove)
    return parser


def _build(options: argparse.Namespace) -> None:
    # Imported late: what compiles takes seconds to load, and `list` and `--help` need none of it.
    from data.osm.build import build_map, name_of_extract
    from data.osm.console import summary
    from data.osm.reading.profile import PROFILES

    if options.profile not in PROFILES:
        raise InvalidRoadMapError(
            f"There is no profile {options.profile!r}. Take one of: {', '.join(PROFILES)}."
        )
    maps_dir = _maps_dir(options)
    console = ProgressDisplay(sys.stderr)
    with tempfile.TemporaryDirectory(prefix="territour-") as download:
        try:
            path = options.file or _fetch(options, Path(download), console.progress)
            meta = build_map(
                path,
                options.name or name_of_extract(path),
                maps_dir,
                PROFILES[options.profile],
                console.progress,
                built_at=datetime.now(UTC),
                roads_only=options.roads_only,
            )
        finally:
            console.close()
    print(summary(meta, str(maps_dir / meta.name)))
    if not options.roads_only:
        print(f"To plan on it: python -m data.osm use {meta.name}")


def _fetch(options: argparse.Namespace, folder: Path, progress: Progress) -> Path:
    """The extract of a place, in a file that is named after it."""
    from data.osm.build import name_of_extract
    from data.osm.place_query import NOMINATIM_URL, OVERPASS_URL, extract_of_place

    path = extract_of_place(
        options.place,
        folder,
        overpass_url=options.overpass_url or setting("OVERPASS_URL") or OVERPASS_URL,
        nominatim_url=options.nominatim_url or setting("NOMINATIM_URL") or NOMINATIM_URL,
        progress=progress,
    )
    return path.rename(folder / f"{name_of_extract(Path(options.place))}.osm.pbf")


def _list(options: argparse.Namespace) -> None:
    from data.osm.console import table
    from data.osm.map_folder import list_maps, read_meta

    metas, damaged = [], []
    for folder in list_maps(_maps_dir(options)):
        try:
            metas.append(read_meta(folder))
        except InvalidRoadMapError as error:
            damaged.append(str(error))
    if metas:
        print(table(metas))
    else:
        print(
            f"There is no map in {_maps_dir(options)}. "
            "Make one: python -m data.osm build FILE.osm.pbf"
        )
    for message in damaged:
        print(message, file=sys.stderr)


def _use(options: argparse.Namespace) -> None:
    from data.osm.datasets import use_map

    console = ProgressDisplay(sys.stderr)
    today = datetime.now(UTC).date()
    try:
        with opened_database() as database:
            use_map(database, _maps_dir(options), options.name, today, progress=console.progress)
    finally:
        console.close()
    print(f"The data set of the map {options.name!r} is active.")


def _export(options: argparse.Namespace) -> None:
    from data.osm.export import export_map
    from data.osm.map_folder import existing_map, open_street_map

    street_map = open_street_map(existing_map(_maps_dir(options), options.name))
    export_map(street_map.graph, street_map.segments, options.file)
    print(f"The roads of {options.name!r} are in {options.file}.")


def _remove(options: argparse.Namespace) -> None:
    from data.osm.datasets import forget_map
    from data.osm.map_folder import existing_map
    from data.osm.staging import remove_folder

    folder = existing_map(_maps_dir(options), options.name)
    with opened_database() as database:
        forget_map(database, options.name)
    try:
        remove_folder(folder)
    except OSError as error:
        raise MapFolderError(
            f"{folder} cannot be removed: {error.strerror or error}. Check its permissions."
        ) from error
    print(f"The map {options.name!r} is removed.")


def _maps_dir(options: argparse.Namespace) -> Path:
    maps_dir: Path | None = getattr(options, "maps_dir", None)
    return maps_dir or instance_dir() / "maps"


if __name__ == "__main__":
    # So that the hidden folder of a build is removed before the process ends.
    signal.signal(signal.SIGTERM, _stop)
    sys.exit(main())
