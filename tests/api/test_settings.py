"""Settings: defaults, limits, and refusals that name the variable."""

import re
from dataclasses import FrozenInstanceError, fields
from pathlib import Path

import pytest

from api.settings import InvalidSettingsError, Settings

ROOT = Path(__file__).resolve().parent.parent.parent


def test_nothing_needs_to_be_set() -> None:
    settings = Settings.from_environment({})
    assert settings == Settings()
    assert (settings.hour_rate_eur, settings.km_rate_eur, settings.night_cost_eur) == (45, 0.3, 110)


def test_variables_replace_defaults() -> None:
    settings = Settings.from_environment({"PORT": "8123", "TERRITOUR_KM_RATE_EUR": "0.42"})
    assert (settings.port, settings.km_rate_eur) == (8123, 0.42)


def test_an_empty_variable_leaves_the_default() -> None:
    """Containers pass variables on that were never given a value."""
    assert Settings.from_environment({"DATABASE_URL": "", "PORT": " "}) == Settings()


def test_the_database_is_a_file_in_the_instance_folder_unless_named(tmp_path: Path) -> None:
    settings = Settings.from_environment({"TERRITOUR_INSTANCE_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/territour.db"
    named = Settings.from_environment({"DATABASE_URL": "postgresql://me@db/territour"})
    assert named.database_url == "postgresql://me@db/territour"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("PORT", "http", "not a whole number"),
        ("PORT", "8000.5", "not a whole number"),
        ("PORT", "70000", "between 1 and 65535"),
        ("TERRITOUR_MARGIN_SHARE", "1.2", "between 0 and 1"),
        ("TERRITOUR_HOUR_RATE_EUR", "nan", "between 0 and 10000"),
        ("TERRITOUR_HOUR_RATE_EUR", "-1", "between 0 and 10000"),
        ("TERRITOUR_STYLE_URL", "style.json", "not an http or https address"),
    ],
)
def test_a_refusal_names_the_variable_the_value_and_the_reason(
    name: str, value: str, reason: str
) -> None:
    with pytest.raises(InvalidSettingsError) as refusal:
        Settings.from_environment({name: value})
    for part in (name, value, reason):
        assert part in str(refusal.value)


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"TERRITOUR_GEOCODER": "bing"}, "not one of nominatim, photon, google"),
        ({"TERRITOUR_GEOCODER": "google"}, "Set TERRITOUR_GEOCODER_KEY"),
        ({"TERRITOUR_GEOCODER": "nominatim"}, "Set TERRITOUR_GEOCODER_EMAIL"),
        ({"TERRITOUR_GEOCODER_EMAIL": "me"}, "no e-mail address"),
        ({"TERRITOUR_GEOCODER_PER_SECOND": "0"}, "between 0.01 and 1000"),
        (
            {
                "TERRITOUR_GEOCODER": "nominatim",
                "TERRITOUR_GEOCODER_EMAIL": "me@example.org",
                "TERRITOUR_GEOCODER_PER_SECOND": "2",
            },
            "allows 1 request a second",
        ),
        ({"TERRITOUR_COARSEST_LEVEL": "house"}, "not one of position, address"),
    ],
)
def test_a_geocoder_that_cannot_be_asked_is_refused(values: dict[str, str], reason: str) -> None:
    with pytest.raises(InvalidSettingsError, match=reason):
        Settings.from_environment(values)


def test_a_geocoder_of_ones_own_is_asked_as_often_as_one_likes() -> None:
    settings = Settings.from_environment(
        {
            "TERRITOUR_GEOCODER": "nominatim",
            "TERRITOUR_GEOCODER_URL": "http://127.0.0.1:8080",
            "TERRITOUR_GEOCODER_PER_SECOND": "50",
        }
    )
    assert settings.geocoder_per_second == 50
    assert Settings().geocoder == ""


def test_a_key_is_not_shown() -> None:
    settings = Settings(geocoder="google", geocoder_key="AIzaSecret")
    assert "AIzaSecret" not in repr(settings)


def test_a_misspelt_setting_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(InvalidSettingsError, match="Did you mean TERRITOUR_HOUR_RATE_EUR"):
        Settings.from_environment({"TERRITOUR_HOUR_RATE": "45"})


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Settings().port = 1  # type: ignore[misc]


@pytest.mark.parametrize("setting", [setting.name for setting in fields(Settings)])
def test_every_setting_is_used(setting: str) -> None:
    """Directly, or through a property that stands for it."""
    stand_ins = {"instance_dir": ("maps_dir", "compiled_dir")}
    sources = [
        path.read_text() for path in (ROOT / "api").rglob("*.py") if path.name != "settings.py"
    ]
    names = (setting, *stand_ins.get(setting, ()))
    assert any(re.search(rf"settings\.({'|'.join(names)})\b", source) for source in sources)
