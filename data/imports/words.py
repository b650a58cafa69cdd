"""Words that are compared without case, blanks, dots and accents."""

import unicodedata

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def bare(text: str) -> str:
    """Letters and digits alone; umlauts written out, so that `Strasse` is `Straße`."""
    folded = unicodedata.normalize("NFC", text.casefold()).translate(_UMLAUTS)
    plain = unicodedata.normalize("NFKD", folded)
    return "".join(letter for letter in plain if letter.isalnum())
