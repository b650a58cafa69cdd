"""When a search ends, and at what pace."""

import pytest

from routing.stop import FirstOf, MaxIterations, MaxRuntime


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_iterations_end_exactly_at_their_number() -> None:
    stop = MaxIterations(600)
    done, batches = 0, []
    while stop.progress(done) < 1:
        batches.append(stop.batch_size(done))
        done += batches[-1]
    assert done == 600
    assert batches == [250, 250, 100]


@pytest.mark.parametrize("number", [0, -1])
def test_a_number_of_iterations_must_be_positive(number: int) -> None:
    with pytest.raises(ValueError, match=f"max_iterations is {number}"):
        MaxIterations(number)


def test_runtime_counts_from_when_it_is_made_on_the_clock_it_is_given() -> None:
    clock = Clock()
    clock.now = 100.0
    stop = MaxRuntime(4.0, clock)
    assert stop.progress(0) == 0.0
    clock.now = 101.0
    assert stop.progress(1000) == 0.25
    # A thousand iterations a second: about 20 ms of them.
    assert stop.batch_size(1000) == 20
    clock.now = 105.0
    assert stop.progress(5000) > 1.0


@pytest.mark.parametrize("span_s", [0.0, -1.0, float("nan")])
def test_a_runtime_must_be_positive(span_s: float) -> None:
    with pytest.raises(ValueError, match="max_runtime_s"):
        MaxRuntime(span_s, Clock())


def test_the_first_criterion_sets_the_pace_until_another_strikes() -> None:
    clock = Clock()
    stop = FirstOf((MaxIterations(1000), MaxRuntime(10.0, clock)))
    clock.now = 9.0
    assert stop.progress(250) == 0.25
    assert stop.batch_size(250) == 250
    assert stop.reason == "iteration_limit"
    clock.now = 10.0
    assert stop.progress(300) == 1.0
    assert stop.reason == "time_limit"


def test_the_pace_does_not_depend_on_the_clock() -> None:
    def progress_at(speed: float) -> list[tuple[float, int]]:
        clock = Clock()
        stop = FirstOf((MaxIterations(1000), MaxRuntime(100.0, clock)))
        seen = []
        done = 0
        while (progress := stop.progress(done)) < 1:
            seen.append((progress, stop.batch_size(done)))
            done += seen[-1][1]
            clock.now += speed
        return seen

    assert progress_at(0.1) == progress_at(20.0)
