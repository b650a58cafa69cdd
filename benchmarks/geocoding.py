"""
How many addresses of an extract the geocoder finds, and how fast.

    python -m benchmarks.geocoding --json

Every house number of the extract is asked for as it is written on the map; then a sample of them
with one wrong letter, without the postcode, with an abbreviated street and in another order; then
numbers that do not exist, and addresses of another country. Only a house within 50 m counts as
found. Seeds are fixed.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.spatial import cKDTree

from benchmarks.instances import data_folder
from data.geocoding.address import AddressQuery, GeocodeMatch
from data.geocoding.address_build import SETTLEMENT_KINDS, build_address_index
from data.geocoding.geocoder import Geocoder
from data.geocoding.house_number import read_house_number
from data.geocoding.names import spellings
from data.geocoding.places import Level
from data.osm.places.place_store import PlaceStore
from data.osm.rest import write_rest
from geo import great_circle_m, unit_vectors

RUTLAND = Path(__file__).resolve().parent.parent / "data" / "samples" / "rutland.osm.pbf"
NEAR_M = 50.0
SEED = 20
FALSE_NUMBERS = 2_000
VARIED = 2_000
"""Addresses asked in each variation, drawn with the seed; all where there are fewer."""

LETTERS = "abcdefghijklmnopqrstuvwxyz"
ABBREVIATIONS = (
    ("strasse", "str."), ("Strasse", "Str."), ("straße", "str."), ("platz", "pl."),
    (" Road", " Rd"), (" Street", " St"), (" Lane", " Ln"), (" Close", " Cl"),
    (" Avenue", " Ave"), (" Drive", " Dr"), (" Crescent", " Cres"), (" Court", " Ct"),
    ("Sankt ", "St. "),
)  # fmt: skip

ABROAD = (
    "Hauptstraße 5, 10115 Berlin", "Bahnhofstrasse 1, 8001 Zürich", "Dorfstrasse 12, 8576 Mauren",
    "Bahnhofstrasse 3, 9470 Buchs", "Kärntner Straße 12, 1010 Wien", "Landstrasse 5, 79400 Kandern",
    "10 Downing Street, London SW1A 2AA", "12 High Street, Nottingham NG1 1AA",
    "Rue de Rivoli 12, 75001 Paris", "Via Roma 7, 20121 Milano", "Main Street 5, Springfield",
    "3 Church Lane, Cambridge CB2 1TN", "Feldkircher Strasse 100, 1220 Wien",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Written:
    """An address as the map has it, and where it is."""

    street: str
    number: str
    postcode: str
    place: str
    lon: float
    lat: float
    number_first: bool

    def text(self) -> str:
        """In the order of the country."""
        if self.number_first:
            tail = " ".join(part for part in (self.place, self.postcode) if part)
            return ", ".join(part for part in (f"{self.number} {self.street}", tail) if part)
        tail = " ".join(part for part in (self.postcode, self.place) if part)
        return ", ".join(part for part in (f"{self.street} {self.number}", tail) if part)

    def other_order(self) -> str:
        """Place and postcode first, the street last, its number on the other side."""
        head = " ".join(part for part in (self.postcode, self.place) if part)
        street = [self.number, self.street]
        if self.number_first:
            street.reverse()
        return ", ".join(part for part in (head, " ".join(street)) if part)


def written_addresses(store: PlaceStore, number_first: bool) -> list[Written]:
    """
    Every row with a street and a number that begins with digits.

    Where the row names no town, that of its municipality stands for it, and where there is none,
    the nearest town or village if it has no postcode either: as somebody there would write.
    """
    areas = {a["id"]: a["name"] for a in store.rows("area") if a["level"] == 8}
    towns = [p for p in store.rows("place") if p["kind"] in SETTLEMENT_KINDS]
    tree = cKDTree(unit_vectors([p["lon"] for p in towns], [p["lat"] for p in towns]))
    found = []
    for row in store.rows("address"):
        street, number = row["street"] or row["place"], row["house_number"] or ""
        if not street or read_house_number(number) is None:
            continue
        place = row["city"] or areas.get(row["area_id"]) or ""
        if not place and not row["postcode"]:
            nearest = tree.query(unit_vectors(row["lon"], row["lat"])[0])[1]
            place = towns[int(nearest)]["name"]
        found.append(
            Written(
                street, number, row["postcode"] or "", place, row["lon"], row["lat"], number_first
            )
        )
    return found


def with_typo(address: Written, random: np.random.Generator) -> str:
    """One letter of the street or the place missing, doubled, wrong or swapped with the next."""
    text = address.text()
    spots = [
        text.index(part) + k
        for part in (address.street, address.place)
        for k, letter in enumerate(part)
        if letter.isalpha() and k + 1 < len(part)
    ]
    at = int(random.choice(spots))
    letter = text[at]
    kind = random.integers(4)
    if kind == 0:
        return text[:at] + text[at + 1 :]
    if kind == 1:
        return text[:at] + letter + text[at:]
    if kind == 2:
        return text[:at] + LETTERS[int(random.integers(26))] + text[at + 1 :]
    return text[:at] + text[at + 1] + letter + text[at + 2 :]


def abbreviated(address: Written) -> str | None:
    """With a short form of the street; None where it has none."""
    for full, short in ABBREVIATIONS:
        if full in address.street:
            street = address.street.replace(full, short)
            return address.text().replace(address.street, street)
    return None


def false_numbers(addresses: Sequence[Written], random: np.random.Generator) -> Iterator[str]:
    """Addresses of streets that exist, with numbers that no house of that name has anywhere."""
    # The map itself has Sankt Wolfgangstrasse and St. Wolfgangstrasse side by side.
    known: dict[str, set[str]] = {}
    for address in addresses:
        number = read_house_number(address.number)
        if number is not None:
            for form in spellings(address.street):
                own = known.setdefault(form, set())
                own |= {number.written, *(one.written for one in number.covered)}
    for _ in range(FALSE_NUMBERS):
        address = addresses[int(random.integers(len(addresses)))]
        while True:
            wrong = str(random.integers(1, 200)) + str(random.choice(["", "", "", "a", "x"]))
            if not any(wrong in known[form] for form in spellings(address.street)):
                break
        asked = Written(
            address.street, wrong, address.postcode, address.place,
            address.lon, address.lat, address.number_first,
        )  # fmt: skip
        yield asked.text()


def measure(name: str, extract: Path, number_first: bool) -> dict[str, object]:
    """All figures of one extract."""
    with tempfile.TemporaryDirectory() as folder:
        write_rest(extract, Path(folder))
        build_address_index(Path(folder))
        store = PlaceStore(Path(folder))
        geocoder = Geocoder.open(Path(folder))
        try:
            return _figures(name, store, geocoder, number_first)
        finally:
            store.close()


def _figures(
    name: str, store: PlaceStore, geocoder: Geocoder, number_first: bool
) -> dict[str, object]:
    addresses = written_addresses(store, number_first)
    random = np.random.default_rng(SEED)
    started = time.process_time()
    answers = [geocoder.find(AddressQuery(address.text())) for address in addresses]
    took_s = time.process_time() - started
    at_house = [_is_house(answer) for answer in answers]
    near = [_is_near(answer, a) for answer, a in zip(answers, addresses, strict=True)]
    chosen = random.permutation(len(addresses))[:VARIED]
    some = [addresses[int(k)] for k in sorted(chosen)]
    variations: dict[str, Callable[[Written], str | None]] = {
        "typo": lambda a: with_typo(a, random),
        "no_postcode": _without_postcode,
        "abbreviated": abbreviated,
        "other_order": Written.other_order,
    }
    by_variation = {}
    asked = hits = 0
    for variation, vary in variations.items():
        texts = [(text, a) for a in some if (text := vary(a)) is not None]
        good = sum(_is_near(geocoder.find(AddressQuery(text)), a) for text, a in texts)
        by_variation[variation] = _pct(good, len(texts))
        asked, hits = asked + len(texts), hits + good
    false = [
        text
        for text in false_numbers(addresses, random)
        if _is_house(geocoder.find(AddressQuery(text)))
    ]
    abroad = [text for text in ABROAD if geocoder.find(AddressQuery(text)) is not None]
    return {
        "set": name,
        "queries": len(addresses),
        "found_pct": _pct(sum(at_house), len(addresses)),
        "within_50m_pct": _pct(sum(near), len(addresses)),
        "varied_found_pct": _pct(hits, asked),
        "false_house_hits": len(false),
        "queries_per_s": round(len(addresses) / took_s),
        "by_variation_pct": by_variation,
        "abroad_hits": len(abroad),
    }


def _without_postcode(address: Written) -> str | None:
    """None where the postcode is all that says where the street is."""
    if not address.postcode or not address.place:
        return None
    return Written(
        address.street, address.number, "", address.place,
        address.lon, address.lat, address.number_first,
    ).text()  # fmt: skip


def _is_house(match: GeocodeMatch | None) -> bool:
    return match is not None and match.best.level is Level.HOUSE


def _is_near(match: GeocodeMatch | None, address: Written) -> bool:
    if match is None or match.best.level is not Level.HOUSE:
        return False
    at = match.best.location
    return bool(great_circle_m(at.lon, at.lat, address.lon, address.lat) <= NEAR_M)


def _pct(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object per set")
    parser.add_argument("--only", choices=("rutland", "liechtenstein"))
    options = parser.parse_args()
    sets = {
        "rutland": (RUTLAND, True),
        "liechtenstein": (data_folder() / "osm" / "liechtenstein-2024.osm.pbf", False),
    }
    for name, (extract, number_first) in sets.items():
        if options.only not in (None, name):
            continue
        if not extract.is_file():
            raise SystemExit(f"{extract} is not there. BENCHMARK_DATA names the folder of data.")
        figures = measure(name, extract, number_first)
        if options.json:
            print(json.dumps(figures), flush=True)
        else:
            print("\n".join(f"{key:18} {value}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    main()
