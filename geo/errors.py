"""What can be wrong with a position."""


class GeoError(Exception):
    """A geographic value cannot be used."""


class InvalidLocationError(GeoError):
    """A coordinate is not a finite number within its range."""
