"""
What a vehicle may use, and how fast it is there: one table per profile.

Every figure that decides about travel times stands here. Those of the car follow OSRM's profile
(https://github.com/Project-OSRM/osrm-backend/blob/master/profiles/car.lua), which is known to give
believable times; `docs/map-building.md` shows the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FERRY = "ferry"


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """
    One kind of vehicle.

    Parameters
    ----------
    name
        As given to `--profile`.
    access_keys
        Keys that say who may pass, from the general to the special: the last one present counts.
        https://wiki.openstreetmap.org/wiki/Key:access
    class_kmh
        Highway classes that are used, and the speed where no limit is known.
    explicit_kmh
        Classes that are used only where a sign lets this vehicle in by name, and their speed.
    ceiling_kmh
        Classes on which nobody drives faster, whatever the limit.
    service_kmh
        The same by the kind of a service road.
    surface_kmh, smoothness_kmh, tracktype_kmh
        The same by the state of the road.
    limit_share
        Of a speed limit that is driven on average.
    zone_limit_kmh
        Limits by their name, in lower case: with the country in front where it differs.
    unlimited_kmh, walk_kmh
        What the limits `none` and `walk` stand for.
    ferry_kmh
        Of ferries without a duration.
    max_ferry_kmh
        A duration that asks for more is wrong.
    junction_s
        At the end of a stretch of road, where three or more roads meet.
    signal_s, barrier_s
        At a traffic light, and at a gate or toll booth.
    uses_tracks
        Whether the classes of `explicit_kmh` are used everywhere: tracks through field and wood.
    """

    name: str
    access_keys: tuple[str, ...]
    class_kmh: Mapping[str, float]
    explicit_kmh: Mapping[str, float]
    ceiling_kmh: Mapping[str, float]
    service_kmh: Mapping[str, float]
    surface_kmh: Mapping[str, float]
    smoothness_kmh: Mapping[str, float]
    tracktype_kmh: Mapping[str, float]
    limit_share: float
    zone_limit_kmh: Mapping[str, float]
    unlimited_kmh: float
    walk_kmh: float
    ferry_kmh: float
    max_ferry_kmh: float
    junction_s: float
    signal_s: float
    barrier_s: float
    uses_tracks: bool = False

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of road, in the order of their numbers; ferries last."""
        return (*self.class_kmh, *self.explicit_kmh, FERRY)


MPH = 1.609344
"""Kilometres in a mile."""

CAR = Profile(
    name="car",
    access_keys=("access", "vehicle", "motor_vehicle", "motorcar"),
    class_kmh={
        "motorway": 90,
        "motorway_link": 45,
        "trunk": 85,
        "trunk_link": 40,
        "primary": 65,
        "primary_link": 30,
        "secondary": 55,
        "secondary_link": 25,
        "tertiary": 40,
        "tertiary_link": 20,
        "unclassified": 25,
        "residential": 25,
        "living_street": 10,
        "service": 15,
        "road": 25,
    },
    explicit_kmh={"track": 10},
    ceiling_kmh={"living_street": 20, "service": 40, "track": 30},
    service_kmh={
        "alley": 15,
        "drive-through": 10,
        "drive-thru": 10,
        "driveway": 15,
        "parking_aisle": 10,
    },
    surface_kmh={
        "bricks": 60,
        "cement": 80,
        "clay": 30,
        "cobblestone": 30,
        "compacted": 80,
        "dirt": 40,
        "earth": 20,
        "fine_gravel": 80,
        "grass": 40,
        "grass_paver": 40,
        "gravel": 40,
        "ground": 40,
        "ice": 20,
        "laterite": 15,
        "metal": 60,
        "mud": 10,
        "paving_stones": 60,
        "pebblestone": 40,
        "rock": 20,
        "rocky": 20,
        "sand": 20,
        "sett": 40,
        "snow": 30,
        "stone": 20,
        "tartan": 40,
        "unhewn_cobblestone": 20,
        "unpaved": 40,
        "wood": 40,
    },
    smoothness_kmh={
        "intermediate": 80,
        "bad": 40,
        "very_bad": 20,
        "horrible": 10,
        "very_horrible": 5,
    },
    tracktype_kmh={"grade1": 60, "grade2": 40, "grade3": 30, "grade4": 25, "grade5": 20},
    limit_share=0.8,
    zone_limit_kmh={
        "urban": 50,
        "rural": 90,
        "trunk": 110,
        "motorway": 130,
        "living_street": 20,
        "bicycle_road": 30,
        "school": 30,
        "ar:rural": 110,
        "ar:urban": 40,
        "at:rural": 100,
        "at:trunk": 100,
        "be:motorway": 120,
        "be-bru:rural": 70,
        "be-bru:urban": 30,
        "be-vlg:rural": 70,
        "be-wal:rural": 90,
        "bg:motorway": 140,
        "by:motorway": 110,
        "by:urban": 60,
        "ca-on:rural": 80,
        "ch:motorway": 120,
        "ch:rural": 80,
        "ch:trunk": 100,
        "de:living_street": 7,
        "de:motorway": 140,
        "de:rural": 100,
        "dk:rural": 80,
        "es:trunk": 90,
        "fr:rural": 80,
        "gb:motorway": 70 * MPH,
        "gb:nsl_dual": 70 * MPH,
        "gb:nsl_restricted": 30 * MPH,
        "gb:nsl_single": 60 * MPH,
        "gb:rural": 60 * MPH,
        "gb:urban": 30 * MPH,
        "li:rural": 80,
        "nl:rural": 80,
        "nl:trunk": 100,
        "no:motorway": 110,
        "no:rural": 80,
        "ph:motorway": 100,
        "ph:rural": 80,
        "ph:urban": 40,
        "pl:motorway": 140,
        "pl:rural": 90,
        "pl:trunk": 100,
        "pt:motorway": 120,
        "pt:trunk": 100,
        "ro:trunk": 100,
        "ru:living_street": 20,
        "ru:motorway": 110,
        "ru:urban": 60,
        "se:rural": 70,
        "uz:motorway": 110,
        "uz:rural": 100,
        "uz:urban": 70,
        "za:rural": 100,
        "za:urban": 60,
    },
    unlimited_kmh=140,
    walk_kmh=7,
    ferry_kmh=10,
    max_ferry_kmh=80,
    junction_s=0.5,
    signal_s=2.0,
    barrier_s=5.0,
)

PROFILES = {CAR.name: CAR}
"""All profiles by name."""
