"""What can go wrong with stored and imported data."""


class DataError(Exception):
    """Data could not be read, stored or found."""


class InvalidDatabaseUrlError(DataError):
    """The address of the database is not one of SQLite or PostgreSQL."""


class InvalidMigrationError(DataError):
    """A migration would leave the database contradicting itself. Nothing was changed."""


class NotFoundError(DataError):
    """Nothing is stored under this id."""
