"""Who owns which accounts, and how even that is."""

from territories.errors import InvalidAlignmentError, TerritoriesError
from territories.measures import Balance, balance

__all__ = ["Balance", "InvalidAlignmentError", "TerritoriesError", "balance"]
