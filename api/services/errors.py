"""What a use case can refuse."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from api.schemas.place import PlaceHit
from api.schemas.problem import ProblemEntry


@dataclass(frozen=True, slots=True)
class Fault:
    """
    One thing wrong with a request.

    Parameters
    ----------
    pointer
        JSON pointer (RFC 6901) to it.
    code
        For programs.
    detail
        For people: the thing, the value, the limit and the way out.
    suggestions
        Places that may have been meant.
    """

    pointer: str
    code: str
    detail: str
    suggestions: tuple[PlaceHit, ...] = ()


MAX_FAULTS = 20
"""Faults told at once; a longer list helps nobody."""


def entries(faults: Sequence[Fault], at: str = "") -> tuple[ProblemEntry, ...]:
    """Faults as they are told; `at` is the pointer to the part of the request that they are in."""
    return tuple(
        ProblemEntry(
            pointer=at + fault.pointer,
            code=fault.code,
            detail=fault.detail,
            suggestions=fault.suggestions or None,
        )
        for fault in faults[:MAX_FAULTS]
    )


class ServiceError(Exception):
    """A use case cannot do what was asked."""


class RefusedRequestError(ServiceError):
    """A request was read, and at least one thing in it cannot be used."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        more = f" And {len(faults) - 1} more." if len(faults) > 1 else ""
        super().__init__(self.faults[0].detail + more)


class ImpossibleTripError(RefusedRequestError):
    """The days are too short to get from start to end even without a visit."""


class NotStoredError(ServiceError):
    """Nothing is stored under this id."""


class AddressNotFoundError(ServiceError):
    """Nothing that is known can be meant by an address, or lies near a position."""


class NoGeocoderError(ServiceError):
    """The data set has nothing in which an address could be looked for."""


class PreconditionFailedError(ServiceError):
    """What is stored is not the version that the client has seen."""


class ChangedMeanwhileError(ServiceError):
    """Something was changed by somebody else between reading and writing it."""


class JobInProgressError(ServiceError):
    """Work of which there may be only one at a time is being done."""


class NotFinishedError(ServiceError):
    """What is asked for will be there when the route is planned."""


class OverlapError(RefusedRequestError):
    """A route cannot be accepted, since its rep has promised to be elsewhere."""


class OutdatedPlanError(ServiceError):
    """A stored plan does not fit the roads and places of today."""


class NotReadyError(ServiceError):
    """The service is still loading."""


class AlreadyFinishedError(ServiceError):
    """A route that is planned, or never will be, cannot be cancelled."""


class DatasetChangedError(ServiceError):
    """Another data set is in use than the one that a job was given for."""


class RoundExistsError(ServiceError):
    """A month has a planning round already."""


class RoundClosedError(ServiceError):
    """The figures of a planning round cannot be changed any more."""


class NotAgreedError(ServiceError):
    """A planning round cannot be closed, since figures are not agreed."""


class WorkerLostError(ServiceError):
    """Every worker that took up a job died over it."""


class FailedJobError(ServiceError):
    """
    A job failed, and somebody was waiting for it.

    Parameters
    ----------
    problem
        Its body, as the worker stored it.
    """

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.problem = dict(problem)
        super().__init__(self.problem["detail"])


def pointer(*parts: str | int) -> str:
    """A JSON pointer (RFC 6901) of the given reference tokens."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)
