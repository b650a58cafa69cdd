"""`docs/sample.md` states the parameters that the code uses."""

import re
from pathlib import Path

from accounts.engagement import PROGRAMME
from data.samples import truth

TEXT = (Path(__file__).parents[2] / "docs" / "sample.md").read_text()


def test_every_parameter_is_documented_with_its_value() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_0-9]+)` \| ([^|]+) \|", TEXT, re.MULTILINE))
    parameters = {
        name: str(value)
        for name, value in vars(truth).items()
        if name.isupper() and name not in ("PROGRAMME", "SEGMENT_TRUTHS")
    }
    assert rows == parameters


def test_every_segment_is_documented_with_its_response_and_service() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (0\.[0-9]+) \| ([0-9, ]+) \|", TEXT, re.MULTILINE)
    assert rows == [
        (part.name, str(part_truth.beta), ", ".join(map(str, part_truth.service_minutes)))
        for part, part_truth in zip(PROGRAMME, truth.SEGMENT_TRUTHS, strict=True)
    ]
