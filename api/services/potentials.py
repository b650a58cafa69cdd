"""What accounts could buy in a year, as analyses count it."""

import numpy as np
from numpy.typing import NDArray

from api.state import Snapshot


def potential_eur(snapshot: Snapshot) -> NDArray[np.float64]:
    """(n,) a year: as stated, or forecast from accounts like it where nobody has stated it."""
    return snapshot.values.potential_forecast_eur
