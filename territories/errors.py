"""What can be wrong with territories."""


class TerritoriesError(Exception):
    """Territories cannot be worked with."""


class InvalidAlignmentError(TerritoriesError):
    """An assignment of units to territories names a territory that does not exist."""
