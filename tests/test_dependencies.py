"""What is installed at run time: pinned, reasoned for, and under licences that bind no user."""

import json
import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = (ROOT / "pyproject.toml").read_text()
PROJECT: dict[str, Any] = tomllib.loads(PYPROJECT)["project"]
LOCK: dict[str, Any] = json.loads((ROOT / "package-lock.json").read_text())


def pins_of(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    pinned = [Requirement(line) for line in lines if line and not line.lstrip().startswith("#")]
    return {canonicalize_name(pin.name): str(pin.specifier).removeprefix("==") for pin in pinned}


RUN_PINS = pins_of("requirements.txt")
DEV_PINS = pins_of("requirements-dev.txt")


def licence_of(package: Distribution) -> str:
    """What the package says itself: the SPDX expression, else the classifiers, else the field."""
    metadata = package.metadata
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in metadata.get_all("Classifier") or []
        if line.startswith("License :: OSI Approved :: ")
    ]
    return (
        metadata.get("License-Expression")
        or " / ".join(classifiers)
        # Some put the whole text into the field; its first line names it.
        or (metadata.get("License") or "").strip().partition("\n")[0]
    )


def is_refused(licence: str) -> bool:
    """
    GPL and AGPL would bind who changes or offers the service; LGPL and MPL bind only themselves.

    Where a package leaves the choice, one side that is free will do.
    """
    gpl = r"\bA?GPL|(?<!Lesser )General Public License"
    return all(re.search(gpl, side) for side in licence.split(" OR "))


@pytest.mark.parametrize("text", PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"])
def test_direct_dependency_is_pinned_within_its_range_and_has_a_reason(text: str) -> None:
    wanted = Requirement(text)
    pins = RUN_PINS if text in PROJECT["dependencies"] else DEV_PINS
    assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)])
    assert re.search(rf'^    "{re.escape(text)}", +# \w', PYPROJECT, re.MULTILINE)


def test_tests_run_with_the_packages_that_users_get() -> None:
    assert RUN_PINS.items() <= DEV_PINS.items()


@pytest.mark.parametrize("name", RUN_PINS)
def test_package_at_run_time_has_a_licence_that_binds_no_user(name: str) -> None:
    licence = licence_of(distribution(name))
    assert licence, f"{name} does not say its licence."
    assert not is_refused(licence), licence


@pytest.mark.parametrize(
    "licence",
    [
        "GPL-3.0-only",
        "AGPL-3.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "GNU Affero General Public License v3",
    ],
)
def test_gpl_is_refused(licence: str) -> None:
    assert is_refused(licence)


@pytest.mark.parametrize(
    "licence",
    [
        "Apache-2.0",
        "LGPL-3.0-only",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "MIT OR GPL-2.0-only",
        "MPL-2.0 AND MIT",
    ],
)
def test_other_licences_are_not_refused(licence: str) -> None:
    assert not is_refused(licence)


def test_web_packages_are_locked_by_hash_and_name_no_registry() -> None:
    packages = {path: entry for path, entry in LOCK["packages"].items() if path}
    assert packages
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []
    assert [path for path, entry in packages.items() if "resolved" in entry] == []


def test_web_packages_have_licences_that_bind_no_user() -> None:
    entries = [entry for path, entry in LOCK["packages"].items() if path]
    assert [entry for entry in entries if is_refused(entry.get("license", "GPL"))] == []
