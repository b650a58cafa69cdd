"""How much one file may hold. A file beyond is refused before it fills the memory."""

MAX_FILE_BYTES = 64 << 20
"""Unless the setting of the service says otherwise."""

MAX_ROWS = 250_000
MAX_COLUMNS = 400
MAX_CELL_LETTERS = 20_000

MAX_ARCHIVE_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 512 << 20
"""Of all parts of an XLSX. A sheet of 250,000 rows and 30 columns takes about 300 MB."""

MAX_SHARED_TEXT_BYTES = 128 << 20
"""Of the table of texts of an XLSX, which is held in memory."""

MAX_UNPACKED_RATIO = 250
"""Unpacked to packed, of large ones. Real sheets have 5 to 60, archives that are traps 1,000."""

RATIO_COUNTS_FROM_BYTES = 20 << 20
