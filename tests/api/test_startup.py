"""What the start says on the terminal."""

import io
from dataclasses import replace

import pytest

from api.startup import Terminal
from api.warm_up import warm_roads
from api.world import World
from routing.roads.great_circle_engine import GreatCircleEngine
from tests.api.small_world import small_world


class FakeTerminal(io.StringIO):
    """A stream that says it is a terminal, so that bars are drawn."""

    def isatty(self) -> bool:
        return True


def test_a_step_is_a_line_and_each_of_its_parts_is_one() -> None:
    stream = io.StringIO()
    terminal = Terminal(stream)
    with terminal.step("Creating the sample"):
        for part in ("Storing accounts", "Storing visits"):
            for done in (0, 500, 1000):
                terminal.progress(part, done, 1000)
    assert stream.getvalue() == "Creating the sample\n  Storing accounts\n  Storing visits\n"


def test_a_part_is_a_bar_on_a_terminal() -> None:
    stream = FakeTerminal()
    terminal = Terminal(stream)
    with terminal.step("Creating the sample"):
        terminal.progress("Storing accounts", 0, 1000)
    assert "Storing accounts:   0%|" in stream.getvalue()


def test_a_step_that_fails_does_not_say_that_it_is_done() -> None:
    stream = io.StringIO()
    try:
        with Terminal(stream).step("Opening the database"):
            raise OSError("disk full")
    except OSError:
        pass
    assert stream.getvalue() == "Opening the database\n"


@pytest.mark.parametrize("town_count", [0, 1, 2])
@pytest.mark.parametrize("has_map", [True, False])
def test_a_map_of_one_village_or_of_none_starts_too(town_count: int, has_map: bool) -> None:
    known = small_world()
    world: World = replace(
        known,
        towns=known.towns[:town_count],
        engine=known.engine if has_map else GreatCircleEngine(),
    )
    warm_roads(world, lambda part: None)
