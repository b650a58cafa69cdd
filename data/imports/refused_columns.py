"""Columns that a file of refused rows has besides those of the file that it comes from."""

REFUSED_ROW, REFUSED_COLUMN = "refused_row", "refused_column"
REFUSED_CODE, REFUSED_DETAIL = "refused_code", "refused_detail"
REFUSED_TEXT = "refused_text"

REFUSED_COLUMNS = (REFUSED_ROW, REFUSED_COLUMN, REFUSED_CODE, REFUSED_DETAIL, REFUSED_TEXT)


def is_returned(columns: tuple[str, ...]) -> bool:
    """Whether a file is one that we made of refused rows, and that comes back."""
    return {REFUSED_ROW, REFUSED_CODE, REFUSED_DETAIL} <= set(columns)
