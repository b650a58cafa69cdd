"""What the documentation promises: it names everything there is, and its links lead somewhere."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from api import create_app
from api.errors import PROBLEMS
from api.resources.openapi import openapi_document
from api.settings import Settings
from api.state import AppState
from routing.reasons import ReasonCode

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])

LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)")
SETTING_ROW = re.compile(r"^\| `([A-Z_]+)` \| (`[^`]*`|empty) \|", re.MULTILINE)


def test_settings_page_lists_every_setting_with_its_default() -> None:
    listed = dict(SETTING_ROW.findall((DOCS / "settings.md").read_text()))
    defaults = {setting.metadata["name"]: setting.default for setting in fields(Settings)}
    assert listed == {
        name: "empty" if default in ("", None) else f"`{default}`"
        for name, default in defaults.items()
    }


def test_example_file_names_only_settings_that_exist() -> None:
    example = (ROOT / ".env.example").read_text()
    named = re.findall(r"^#? ?([A-Z_]+)=", example, re.MULTILINE)
    assert set(named) - {"POSTGRES_PASSWORD"} <= set(Settings.variables())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_that_exist(page: Path) -> None:
    targets = [match[0] for match in LINK.findall(page.read_text())]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "index.md").read_text()
    pages = {path.name for path in DOCS.glob("*.md")} - {"index.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_decision_is_in_the_index_of_decisions() -> None:
    index = (DOCS / "decisions" / "README.md").read_text()
    pages = {path.name for path in (DOCS / "decisions").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"]({page})" not in index} == set()


def test_every_command_of_the_makefile_is_explained() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    assert {target for target in targets if f"`make {target}" not in contributing} == set()


def test_every_endpoint_is_explained(instance_dir: Path) -> None:
    document = openapi_document(create_app(AppState(Settings(instance_dir=instance_dir))))
    interface = (DOCS / "api.md").read_text()
    operations = {
        f"{method.upper()} {path}"
        for path, methods in document["paths"].items()
        for method in methods
    }
    assert {operation for operation in operations if operation not in interface} == set()


@pytest.mark.parametrize("code", sorted({kind.code for kind in PROBLEMS.values()}))
def test_every_code_of_a_problem_is_explained(code: str) -> None:
    assert f"`{code}`" in (DOCS / "api.md").read_text()


@pytest.mark.parametrize("code", ReasonCode)
def test_every_code_of_a_reason_is_explained(code: ReasonCode) -> None:
    assert f"`{code}`" in (DOCS / "reasons.md").read_text()
