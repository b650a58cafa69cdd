"""What the start says on the terminal."""

import io

from api.startup import Terminal


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
