"""What must be true of the stored version before it is changed: If-Match and If-None-Match."""

from collections.abc import Callable
from dataclasses import dataclass

from api.services.errors import PreconditionFailedError


@dataclass(frozen=True, slots=True)
class Preconditions:
    """
    What the client says of the version that it has seen.

    Parameters
    ----------
    matches
        Whether a version is one that it names; None where it names none.
    must_be_new
        Whether there must be nothing yet.
    """

    matches: Callable[[int], bool] | None = None
    must_be_new: bool = False

    def check(self, version: int | None, what: str) -> None:
        """
        Parameters
        ----------
        version
            The one that is stored; None where there is nothing.
        what
            The thing, for the message.

        Raises
        ------
        PreconditionFailedError
        """
        if self.must_be_new and version is not None:
            raise PreconditionFailedError(
                f"If-None-Match: * asks for a new one, but there is {what} already. Leave the "
                "header out to change it."
            )
        if self.matches is None:
            return
        if version is None:
            raise PreconditionFailedError(
                f"If-Match names a version, but there is no {what}. Leave the header out to make "
                "it."
            )
        if not self.matches(version):
            raise PreconditionFailedError(
                f"{what[0].upper()}{what[1:]} has version {version}, which is not the one that "
                "If-Match names. Read it again and decide anew."
            )


NO_PRECONDITIONS = Preconditions()
