"""From the name of a place or a postcode to a position."""
