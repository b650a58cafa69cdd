"""House numbers: how they are written, and which are the same."""

import re
from dataclasses import dataclass

MOST_IN_RANGE = 40
"""A wider range is rather a slip or two numbers."""

NUMBER = (
    r"\d{1,4}(?:\s?[a-zA-Z](?![\w'’.]))?"
    r"(?:\s?[-–/+]\s?\d{1,4}(?:\s?[a-zA-Z](?![\w'’.]))?){0,2}"
)
"""As people write one: 12, 12a, 12 a, 12-14, 12/3."""

_WHOLE = re.compile(r"(\d{1,6})(.*)")
_RANGE = re.compile(r"(\d{1,4})([a-z]?)-(\d{1,4})([a-z]?)")


@dataclass(frozen=True, slots=True)
class HouseNumber:
    """
    A house number in two parts, so that numbers can be sorted and compared.

    Parameters
    ----------
    number
        The leading digits.
    rest
        What follows, in small letters and without blanks: '' of 12, 'a' of 12 A, '-14' of 12 - 14.
    """

    number: int
    rest: str = ""

    @property
    def written(self) -> str:
        return f"{self.number}{self.rest}"

    @property
    def without_unit(self) -> "HouseNumber":
        """The house of 12/3/5 where a slash leads to a staircase or door: 12."""
        return HouseNumber(self.number, self.rest.partition("/")[0])

    @property
    def ends(self) -> tuple["HouseNumber", "HouseNumber"] | None:
        """First and last house of a range; None where it is a single house."""
        found = _RANGE.fullmatch(self.written)
        if found is None:
            return None
        first = HouseNumber(int(found[1]), found[2])
        return first, HouseNumber(int(found[3]), found[4])

    @property
    def covered(self) -> tuple["HouseNumber", ...]:
        """
        Single houses that a range stands for: 7-11 for 7, 9 and 11; 1-4 for 1, 2, 3 and 4.

        Ends that are both even or both odd stand for one side of the street.
        """
        ends = self.ends
        if ends is None:
            return ()
        first, last = ends
        if not 0 <= last.number - first.number <= MOST_IN_RANGE:
            return ()
        step = 2 if (last.number - first.number) % 2 == 0 else 1
        between = range(first.number + step, last.number, step)
        return tuple(dict.fromkeys((first, *map(HouseNumber, between), last)))


def read_house_number(text: str) -> HouseNumber | None:
    """A house number; None where the text does not begin with digits."""
    plain = re.sub(r"\s", "", text.casefold()).replace("–", "-")
    found = _WHOLE.fullmatch(plain)
    return None if found is None else HouseNumber(int(found[1]), found[2])
