"""What can go wrong while routing."""


class RoutingError(Exception):
    """Routing could not do what was asked."""


class InvalidProblemError(RoutingError):
    """A problem contradicts itself, for instance by an empty shift or a negative prize."""


class NoDirectTripError(RoutingError):
    """The shifts are too short to get from start to end even without a visit."""


class InfeasibleSolutionError(RoutingError):
    """A solution breaks a rule of its problem; the message names the rule and the visit."""


class InvalidRoadGraphError(RoutingError):
    """The arrays of a road graph contradict each other."""


class UnknownMetricError(RoutingError):
    """A road engine was asked for a metric that its map does not have."""


class ClientAlreadyVisitedError(RoutingError):
    """A place was sought for a client that the plan visits already."""
