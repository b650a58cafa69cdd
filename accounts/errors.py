"""What can be wrong with accounts."""


class AccountsError(Exception):
    """Account data cannot be used."""


class InvalidAccountsError(AccountsError):
    """Columns of accounts contradict each other or hold an impossible value."""


class InvalidResponseError(AccountsError):
    """A sales response curve has an impossible parameter."""


class InvalidValueModelError(AccountsError):
    """A stored value model is of another version or incomplete."""
