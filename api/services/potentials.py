"""What accounts could buy in a year, as analyses count it."""

import numpy as np
from numpy.typing import NDArray

from api.state import Snapshot


def potential_eur(snapshot: Snapshot) -> NDArray[np.float64]:
    """(n,) a year."""
    return snapshot.table.potential_eur
