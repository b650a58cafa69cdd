"""Trips that keep off motorways or ferries."""

from collections.abc import Collection

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
    wanted = frozenset(avoid)
    present = [
        kinds for kinds, name in METRICS.items() if kinds <= wanted and name in engine.metrics
    ]
    if not present:
        return engine
    return engine.with_metric(METRICS[max(present, key=len)])


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
    unknown = [
        kind
        for kind in sorted(avoid)
        if not world.tells_kinds_of_road and METRICS[frozenset((kind,))] not in world.engine.metrics
    ]
    if unknown:
        warnings.append(
            Warning_(
                code="CANNOT_AVOID",
                detail=f"The map in use does not tell {' and '.join(unknown)} from other roads, so "
                "they could not be avoided.",
                pointer="/options/avoid",
            )
        )
    return tuple(warnings)
