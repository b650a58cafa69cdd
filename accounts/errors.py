"""What can be wrong with accounts."""


class AccountsError(Exception):
    """Account data cannot be used."""


class InvalidAccountsError(AccountsError):
    """Columns of accounts contradict each other or hold an impossible value."""


class InvalidResponseError(AccountsError):
    """A sales response curve has an impossible parameter."""


class InvalidValueModelError(AccountsError):
    """A stored value model is of another version or incomplete."""


class InvalidProgrammeError(AccountsError):
    """
    A segment of an engagement programme, or the order of its segments, cannot be used.

    Parameters
    ----------
    key
        What is wrong in the segment; empty where it is the programme as a whole.
    segment_index
        Which segment, where several were looked at.
    """

    def __init__(self, key: str, detail: str, segment_index: int | None = None) -> None:
        super().__init__(detail)
        self.key = key
        self.segment_index = segment_index


class InvalidDecisionError(AccountsError):
    """An exception or a special situation contradicts itself or holds an impossible value."""
