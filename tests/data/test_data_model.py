import re
from pathlib import Path

import pytest

from data.tables import Base

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")
SECTIONS = re.split(r"^### ", PAGE, flags=re.MULTILINE)[1:]


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_the_page_on_the_data_model_explains_every_table_and_column(table) -> None:
    section = next(s for s in SECTIONS if f"`{table.name}`" in s.splitlines()[0])
    named = set(re.findall(r"`([a-z_]+)`", section))
    assert {column.name for column in table.columns} - named == set()
