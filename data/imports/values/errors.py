"""A value that cannot be used."""


class InvalidValueError(Exception):
    """
    Parameters
    ----------
    code
        For programs.
    message
        The value, the limit and the way out.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
