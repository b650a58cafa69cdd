"""Trips that keep off motorways or ferries."""

from collections.abc import Collection, Iterator

from api.schemas.route import Warning_
from api.world import World
from routing.roads.engine import RoadEngine

METRICS = {
    frozenset(("motorways",)): "no_motorway",
    frozenset(("ferries",)): "no_ferry",
    frozenset(("motorways", "ferries")): "no_motorway_no_ferry",
}
"""By what is to be avoided."""


def engine_avoiding(engine: RoadEngine, avoid: Collection[str]) -> RoadEngine:
    """The engine of the same map that keeps off these; what the map has not is avoided anyway."""
    avoided = _avoided(engine, avoid)
    return engine.with_metric(METRICS[avoided]) if avoided else engine


def _avoided(engine: RoadEngine, avoid: Collection[str]) -> frozenset[str]:
    """What the engine can keep off at the same time, of what it is asked to."""
    wanted = frozenset(avoid)
    present = [
        kinds for kinds, name in METRICS.items() if kinds <= wanted and name in engine.metrics
    ]
    return max(present, key=len, default=frozenset())


def road_warnings(world: World, avoid: Collection[str]) -> tuple[Warning_, ...]:
    """What the map in use does not know about roads."""
    warnings = []
    if world.engine.is_estimate:
        warnings.append(
            Warning_(
                code="ROADS_UNKNOWN",
                detail="There is no map, so all ways are estimated: air line x 1.3. "
                "`python -m data.osm build FILE.osm.pbf` makes one.",
            )
        )
    if not world.tells_kinds_of_road:
        warnings += _cannot_avoid(world.engine, avoid)
    return tuple(warnings)


def _cannot_avoid(engine: RoadEngine, avoid: Collection[str]) -> Iterator[Warning_]:
    unknown = [kind for kind in sorted(avoid) if METRICS[frozenset((kind,))] not in engine.metrics]
    # An OSRM server may be prepared to keep off either of two kinds, but not off both.
    given_up = sorted(set(avoid) - _avoided(engine, avoid) - set(unknown))
    details = []
    if unknown:
        details.append(
            f"The map in use does not tell {' and '.join(unknown)} from other roads, so they could "
            "not be avoided."
        )
    if given_up:
        details.append(
            f"The server of the roads cannot keep off {' and '.join(sorted(avoid))} at the same "
            f"time, so {' and '.join(given_up)} were not avoided."
        )
    for detail in details:
        yield Warning_(code="CANNOT_AVOID", detail=detail, pointer="/options/avoid")
