"""What can go wrong with stored and imported data."""


class DataError(Exception):
    """Data could not be read, stored or found."""


class InvalidDatabaseUrlError(DataError):
    """The address of the database is not one of SQLite or PostgreSQL."""


class DatabaseUnavailableError(DataError):
    """The database does not answer, or does not let us in."""


class InvalidMigrationError(DataError):
    """A migration would leave the database contradicting itself. Nothing was changed."""


class ConcurrentChangeError(DataError):
    """Two wrote the same at the same moment, and trying again did not help."""


class NotFoundError(DataError):
    """Nothing is stored under this id."""


class UnknownPlaceError(DataError):
    """
    No place has this name, or no postcode is this one.

    Parameters
    ----------
    message
        With the suggestions in words.
    suggestions
        Labels of the nearest places, best first; each of them finds its place.
    """

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.suggestions = suggestions


class UnknownPostcodeError(UnknownPlaceError):
    """There is no such postcode."""


class InvalidAddressError(DataError):
    """An address holds nothing to look for, or too much."""


class InvalidAddressFormatError(DataError):
    """The file that says how a country writes addresses cannot be used."""


class GeocoderUnavailableError(DataError):
    """A geocoder elsewhere gives no answer, or none that can be read. It may later."""


class GeocoderRefusedError(DataError):
    """A geocoder elsewhere will not answer. Asking again will not help."""


class InvalidRoadMapError(DataError):
    """A file of roads cannot be read, or contradicts itself."""


class OsrmError(DataError):
    """An OSRM server does not do what is asked of it."""


class InvalidOsrmUrlError(OsrmError):
    """The address of the OSRM server is not one of HTTP."""


class OsrmUnavailableError(OsrmError):
    """The OSRM server gives no answer, or only a part of one. It may later."""


class OsrmRefusedError(OsrmError):
    """
    The OSRM server will not answer this, or answers in another format. Asking again will not help.

    Parameters
    ----------
    message
        With what it says.
    code
        Of OSRM (`TooBig`, `NoSegment`), or the status of HTTP where there is none.
    """

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidExtractError(DataError):
    """A file is no OpenStreetMap extract, is damaged, or lacks what a map needs."""


class MapServiceError(DataError):
    """Overpass or Nominatim does not answer, or not with all that was asked. It may later."""


class MapFolderError(DataError):
    """A map cannot be written or removed: no room on the disk, or no permission."""


class InvalidExportError(DataError):
    """A map cannot be written to this file."""


class MapInUseError(DataError):
    """A data set is planned on this map, so it cannot be removed."""


class OutdatedRevisionError(DataError):
    """A route was changed by somebody else between reading and writing it."""


class InvalidImportFileError(DataError):
    """
    A file of accounts cannot be read at all.

    Parameters
    ----------
    code
        For programs.
    message
        The thing, the limit and the way out.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class InvalidMappingError(DataError):
    """
    The columns of a file cannot be taken for what they are said to be.

    Parameters
    ----------
    code
        For programs.
    column
        The one at fault; empty where one is missing.
    """

    def __init__(self, code: str, message: str, column: str = "") -> None:
        super().__init__(message)
        self.code, self.column = code, column


class InvalidPresetError(DataError):
    """The file that says what a CRM calls its columns cannot be used."""


class OutdatedImportError(DataError):
    """An import is no longer in a state in which this can be done with it."""
