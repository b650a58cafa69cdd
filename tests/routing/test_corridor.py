"""Who is on the way, what excludes an account, and the shortlist."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.corridor import (
    ELIGIBLE,
    NOT_MEASURED,
    SCREENING_CODES,
    Corridor,
    Screening,
    combined_screening,
    corridor,
    nearest_corridor,
    screen,
    shortlist,
)
from routing.problem import UNREACHABLE, Client, Problem, Shift, TimeWindow
from routing.reasons import ReasonCode
from routing.roads.scipy_engine import ScipyEngine
from routing.schedule import schedule_route
from tests.routing.road_graphs import (
    contraction_engine,
    grid_graph,
    random_places,
    road_graph,
    two_way,
)

HOUR = 3600
DAY = [(8 * HOUR, 18 * HOUR)]


class TestCorridor:
    @pytest.fixture
    def engine(self) -> ScipyEngine:
        """
        Start 0 --1000 s-- 1 --1000 s-- 2 end; 3 lies 500 s off 1; no road leads to 4.
        """
        return ScipyEngine(
            road_graph(
                [(10.0, 50.0), (10.2, 50.0), (10.4, 50.0), (10.2, 50.1), (11.0, 50.0)],
                two_way([(0, 1, 10**6, 20_000), (1, 2, 10**6, 20_000), (1, 3, 500_000, 9000)]),
            )
        )

    def test_detour_is_what_a_visit_adds_to_the_direct_way(self, engine: ScipyEngine) -> None:
        start, end = engine.snap(10.0, 50.0), engine.snap(10.4, 50.0)
        places = engine.snap([10.2, 10.2, 11.0, 10.0], [50.0, 50.1, 50.0, 50.0])
        ways = corridor(engine, start, end, places)
        assert (ways.direct_s, ways.direct_m) == (2600, 40_000)
        # On the way it still takes two more ends of a leg; at the start itself it takes nothing.
        assert ways.detour_s.tolist() == [600, 1600, UNREACHABLE, 0]
        assert ways.from_start_s.tolist() == [1600, 2100, UNREACHABLE, 0]
        assert ways.to_end_s.tolist() == [1600, 2100, UNREACHABLE, 2600]

    def test_round_trip_counts_the_way_there_and_back(self, engine: ScipyEngine) -> None:
        home = engine.snap(10.0, 50.0)
        ways = corridor(engine, home, home, engine.snap([10.2, 11.0], [50.0, 50.0]))
        assert (ways.direct_s, ways.direct_m) == (0, 0)
        assert ways.detour_s.tolist() == [3200, UNREACHABLE]

    def test_without_a_direct_way_nothing_is_on_it(self, engine: ScipyEngine) -> None:
        ways = corridor(
            engine, engine.snap(10.0, 50.0), engine.snap(11.0, 50.0), engine.snap(10.2, 50.0)
        )
        assert ways.direct_s == UNREACHABLE
        assert ways.detour_s.tolist() == [UNREACHABLE]

    def test_detours_are_those_of_the_matrix_and_never_negative(self) -> None:
        graph = grid_graph(12, 12, seed=1)
        engine = contraction_engine(graph)
        places = engine.snap(*random_places(graph, 60, seed=2))
        start, end = places[0], places[1]
        ways = corridor(engine, start, end, places)
        duration_s = engine.matrix(places, places).duration_s
        expected = duration_s[0] + duration_s[:, 1] - duration_s[0, 1]
        is_apart = np.maximum(duration_s[0], duration_s[:, 1]) >= UNREACHABLE
        assert (ways.detour_s >= 0).all()
        np.testing.assert_array_equal(ways.detour_s, np.where(is_apart, UNREACHABLE, expected))


def ways_of(direct_s: int, from_start_s: list[int], to_end_s: list[int]) -> Corridor:
    there, on = np.array(from_start_s), np.array(to_end_s)
    is_apart = np.maximum(there, on) >= UNREACHABLE
    return Corridor(direct_s, 0, there, on, np.where(is_apart, UNREACHABLE, there + on - direct_s))


def screened(
    ways: Corridor,
    *,
    shifts: list[tuple[int, int]],
    windows: list[list[tuple[int, int]]] | None = None,
    **changes: Any,
) -> Screening:
    """Everybody due, a service of half an hour, always open, detours up to two hours."""
    accounts = len(ways.detour_s)
    always = [(shifts[0][0], shifts[-1][1])]
    rows = [always] * accounts if windows is None else windows
    flat = [window for row in rows for window in row]
    arguments: dict[str, Any] = {
        "service_s": np.full(accounts, 1800),
        "shift_start_s": np.array([start for start, _ in shifts]),
        "shift_end_s": np.array([end for _, end in shifts]),
        "window_indptr": np.cumsum([0, *(len(row) for row in rows)]),
        "window_early_s": np.array([early for early, _ in flat], dtype=np.int64),
        "window_late_s": np.array([late for _, late in flat], dtype=np.int64),
        "max_detour_s": 2 * HOUR,
    }
    return screen(ways, **(arguments | changes))


def codes(screening: Screening) -> list[ReasonCode | None]:
    return [None if code == ELIGIBLE else SCREENING_CODES[code] for code in screening.code]


class TestScreening:
    def test_account_that_fits_is_eligible(self) -> None:
        screening = screened(ways_of(HOUR, [HOUR], [HOUR]), shifts=DAY)
        assert screening.is_eligible.tolist() == [True]
        assert (screening.value_s[0], screening.limit_s[0]) == (NOT_MEASURED, NOT_MEASURED)

    def test_every_reason_is_found_and_the_first_in_order_wins(self) -> None:
        ways = ways_of(
            HOUR,
            [UNREACHABLE, HOUR, HOUR, HOUR, HOUR, HOUR, 3 * HOUR, 6 * HOUR, UNREACHABLE, HOUR],
            [HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, HOUR, 6 * HOUR, HOUR, HOUR],
        )
        always, never = [(0, 24 * HOUR)], list[tuple[int, int]]()
        early = [(8 * HOUR, 8 * HOUR + 1800)]  # open in the shift, but an hour's drive away
        windows = [always, never, always, always, never, early, always, always, never, always]
        is_excluded = np.zeros(10, np.bool_)
        is_excluded[[0, 1, 8]] = True
        is_field = np.ones(10, np.bool_)
        is_field[[1, 2]] = False
        is_due = np.ones(10, np.bool_)
        is_due[[2, 3, 8]] = False
        service_s = np.full(10, 1800)
        service_s[9] = 11 * HOUR
        screening = screened(
            ways,
            shifts=DAY,
            windows=windows,
            is_excluded=is_excluded,
            is_field=is_field,
            is_due=is_due,
            service_s=service_s,
        )
        assert codes(screening) == [
            ReasonCode.UNREACHABLE_BY_ROAD,
            ReasonCode.EXCLUDED_BY_CLIENT,
            ReasonCode.CHANNEL_NOT_FIELD,
            ReasonCode.NOT_DUE,
            ReasonCode.CLOSED_DURING_TRIP,
            ReasonCode.OUTSIDE_TIME_WINDOWS,
            ReasonCode.EXCEEDS_MAX_DETOUR,
            ReasonCode.EXCEEDS_MAX_DETOUR,
            ReasonCode.UNREACHABLE_BY_ROAD,
            ReasonCode.EXCEEDS_WORKING_TIME,
        ]

    def test_detour_is_measured_against_the_limit_of_the_account(self) -> None:
        screening = screened(ways_of(HOUR, [2 * HOUR, 2 * HOUR], [HOUR, HOUR + 1]), shifts=DAY)
        assert codes(screening) == [None, ReasonCode.EXCEEDS_MAX_DETOUR]
        assert (screening.value_s[1], screening.limit_s[1]) == (2 * HOUR + 1, 2 * HOUR)

    def test_detour_is_measured_against_the_limit_of_the_trip_if_that_is_less(self) -> None:
        ways = ways_of(HOUR, [HOUR, HOUR], [HOUR, HOUR + 1])
        screening = screened(ways, shifts=DAY, max_travel_s=2 * HOUR)
        assert codes(screening) == [None, ReasonCode.EXCEEDS_MAX_DETOUR]
        assert (screening.value_s[1], screening.limit_s[1]) == (HOUR + 1, HOUR)

    def test_reason_without_a_measure_has_none(self) -> None:
        screening = screened(ways_of(0, [UNREACHABLE], [UNREACHABLE]), shifts=DAY)
        assert codes(screening) == [ReasonCode.UNREACHABLE_BY_ROAD]
        assert (screening.value_s[0], screening.limit_s[0]) == (NOT_MEASURED, NOT_MEASURED)

    def test_required_account_is_excluded_only_by_what_makes_it_impossible(self) -> None:
        ways = ways_of(0, [4 * HOUR, 4 * HOUR, 6 * HOUR], [4 * HOUR, 4 * HOUR, 6 * HOUR])
        screening = screened(
            ways,
            shifts=DAY,
            is_due=np.zeros(3, np.bool_),
            is_field=np.zeros(3, np.bool_),
            is_requested=np.array([True, False, True]),
        )
        assert codes(screening) == [
            None,
            ReasonCode.CHANNEL_NOT_FIELD,
            ReasonCode.EXCEEDS_WORKING_TIME,
        ]

    def test_required_account_keeps_to_the_limit_of_the_trip(self) -> None:
        screening = screened(
            ways_of(0, [4 * HOUR], [4 * HOUR]),
            shifts=DAY,
            is_requested=np.array([True]),
            max_travel_s=7 * HOUR,
        )
        assert codes(screening) == [ReasonCode.EXCEEDS_MAX_DETOUR]

    def test_working_time_is_that_of_all_shifts_as_far_as_it_is_of_use(self) -> None:
        """Two shifts of ten hours; the limit is what they leave for drive, service, drive on."""
        shifts = [(8 * HOUR, 18 * HOUR), (32 * HOUR, 42 * HOUR)]
        ways = ways_of(
            16 * HOUR,
            [8 * HOUR, 8 * HOUR, 10 * HOUR, HOUR, HOUR, 15 * HOUR],
            [8 * HOUR, 8 * HOUR, 10 * HOUR, HOUR, HOUR, HOUR],
        )
        service_s = np.array([2, 3, 1, 10, 11, 4]) * HOUR
        screening = screened(ways, shifts=shifts, service_s=service_s, max_detour_s=24 * HOUR)
        assert codes(screening) == [
            None,  # 8 h there and 2 h of service, 8 h on the next day
            ReasonCode.EXCEEDS_WORKING_TIME,  # 19 of 20 hours, but the service would span a night
            ReasonCode.EXCEEDS_WORKING_TIME,  # 21 of 20 hours
            ReasonCode.EXCEEDS_WORKING_TIME,  # no whole shift is left beside the drives
            ReasonCode.EXCEEDS_WORKING_TIME,  # longer than any shift
            None,  # 10 h and 5 h of driving, then 4 h and 1 h
        ]
        value_s, limit_s = screening.value_s // HOUR, screening.limit_s // HOUR
        assert value_s.tolist()[1:5] == [19, 21, 12, 13]
        assert limit_s.tolist()[1:5] == [18, 20, 11, 11]

    def test_account_open_on_the_second_day_only_is_in_time(self) -> None:
        shifts = [(8 * HOUR, 18 * HOUR), (32 * HOUR, 42 * HOUR)]
        ways = ways_of(HOUR, [HOUR] * 3, [HOUR] * 3)
        windows = [
            [(33 * HOUR, 34 * HOUR)],
            [(20 * HOUR, 30 * HOUR)],  # at night
            [(40 * HOUR + 1800 + 1, 50 * HOUR)],  # a second too late to be at the end in time
        ]
        screening = screened(ways, shifts=shifts, windows=windows)
        assert codes(screening) == [
            None,
            ReasonCode.CLOSED_DURING_TRIP,
            ReasonCode.OUTSIDE_TIME_WINDOWS,
        ]

    def test_windows_are_inclusive_at_both_ends(self) -> None:
        ways = ways_of(HOUR, [HOUR] * 4, [HOUR] * 4)
        windows = [
            [(0, 9 * HOUR)],  # just reached
            [(0, 9 * HOUR - 1)],
            [(16 * HOUR + 1800, 99 * HOUR)],  # just in time for the end
            [(16 * HOUR + 1801, 99 * HOUR)],
        ]
        screening = screened(ways, shifts=DAY, windows=windows)
        assert screening.is_eligible.tolist() == [True, False, True, False]

    def test_lack_of_time_is_not_blamed_on_the_opening_hours(self) -> None:
        screening = screened(ways_of(0, [6 * HOUR], [6 * HOUR]), shifts=DAY, max_detour_s=24 * HOUR)
        assert codes(screening) == [ReasonCode.EXCEEDS_WORKING_TIME]

    @given(
        there=st.integers(0, 12),
        on=st.integers(0, 12),
        service=st.integers(0, 6),
        shift=st.tuples(st.integers(0, 5), st.integers(1, 12)),
        windows=st.lists(st.integers(0, 24), max_size=6, unique=True),
    )
    def test_on_one_day_it_excludes_what_cannot_be_scheduled(
        self, there: int, on: int, service: int, shift: tuple[int, int], windows: list[int]
    ) -> None:
        """The schedule knows nothing of screening."""
        start_s, end_s = shift[0], shift[0] + shift[1]
        ends = sorted(windows)[: len(windows) // 2 * 2]
        opening = list(zip(ends[::2], ends[1::2], strict=True)) or [(0, 24)]
        screening = screened(
            ways_of(0, [there], [on]),
            shifts=[(start_s, end_s)],
            windows=[opening],
            service_s=np.array([service]),
            max_detour_s=1000,
        )
        problem = Problem(
            clients=(
                Client(1, service, 1, time_windows=tuple(TimeWindow(*pair) for pair in opening)),
            ),
            shifts=(Shift(start_s, end_s, 0, 2),),
            duration_s=np.array([[0, there, 0], [there, 0, on], [0, on, 0]]),
            distance_m=np.zeros((3, 3), np.int64),
        )
        possible = schedule_route(problem, 0, 0, [0], 2) is not None
        assert screening.is_eligible[0] == possible

    @given(
        there=st.integers(0, 14),
        on=st.integers(0, 14),
        service=st.integers(0, 6),
        lengths=st.lists(st.tuples(st.integers(1, 5), st.integers(0, 4)), min_size=1, max_size=4),
        window=st.tuples(st.integers(0, 30), st.integers(0, 10)),
    )
    def test_over_several_days_it_excludes_what_no_start_of_service_allows(
        self,
        there: int,
        on: int,
        service: int,
        lengths: list[tuple[int, int]],
        window: tuple[int, int],
    ) -> None:
        """Tries every second of every shift, and counts working seconds one by one."""
        shifts, time_s = [], 0
        for hours, night in lengths:
            shifts.append((time_s, time_s + hours))
            time_s += hours + night + 1
        early_s, late_s = window[0], sum(window)
        worked = [second for start, end in shifts for second in range(start, end)]
        possible = any(
            early_s <= begin <= late_s
            and begin + service <= end
            and sum(second < begin for second in worked) >= there
            and sum(second >= begin + service for second in worked) >= on
            for start, end in shifts
            for begin in range(start, end + 1)
        )
        screening = screened(
            ways_of(0, [there], [on]),
            shifts=shifts,
            windows=[[(early_s, late_s)]],
            service_s=np.array([service]),
            max_detour_s=1000,
        )
        assert screening.is_eligible[0] == possible


class TestStretches:
    """A trip with a place given between its ends has a corridor for each stretch."""

    first = ways_of(600, [300, 900, UNREACHABLE], [400, 900, UNREACHABLE])
    second = ways_of(1200, [700, 1000, UNREACHABLE], [700, 400, UNREACHABLE])

    def test_the_smallest_detour_counts_with_its_ways(self) -> None:
        nearest = nearest_corridor([self.first, self.second])
        assert nearest.direct_s == 1800
        assert nearest.detour_s.tolist() == [100, 200, UNREACHABLE]
        assert nearest.from_start_s.tolist() == [300, 1000, UNREACHABLE]
        assert nearest.to_end_s.tolist() == [400, 400, UNREACHABLE]

    def test_one_stretch_is_the_trip(self) -> None:
        nearest = nearest_corridor([self.first])
        assert nearest.detour_s.tolist() == self.first.detour_s.tolist()

    def test_an_account_is_out_only_if_every_stretch_excludes_it(self) -> None:
        one = Screening(
            np.array([ELIGIBLE, 6, 6, 4, 6], np.int8),
            np.array([-1, 5000, 5000, -1, 5000]),
            np.array([-1, 3600, 3600, -1, 3600]),
        )
        other = Screening(
            np.array([6, ELIGIBLE, 6, 7, 4], np.int8),
            np.array([9000, -1, 4000, 30_000, -1]),
            np.array([3600, -1, 3600, 28_800, -1]),
        )
        for pair in ([one, other], [other, one]):
            found = combined_screening(pair)
            assert found.code.tolist() == [ELIGIBLE, ELIGIBLE, 6, 7, 6]
            # The stretch that misses its limit by least, or that came farthest, tells.
            assert found.value_s.tolist()[2:] == [4000, 30_000, 5000]
            assert found.limit_s.tolist()[2:] == [3600, 28_800, 3600]


class TestShortlist:
    def chosen(self, size: int, **changes: list[int] | list[bool]) -> list[int]:
        arguments: dict[str, Any] = {
            "prize_cents": [1000, 1000, 1000, 4000],
            "service_s": [1800, 900, 1800, 1800],
            "detour_s": [1800, 1800, 0, 7200],
            "is_eligible": [True] * 4,
            "order": [1, 2, 3, 4],
        }
        arrays = {name: np.array(column) for name, column in (arguments | changes).items()}
        return shortlist(size=size, **arrays).tolist()

    def test_prize_for_time_decides(self) -> None:
        """Per 3600, 2700, 2700 and 6300 s: 0.28, 0.37, 0.37 and 0.63 cents a second."""
        assert self.chosen(4) == [3, 1, 2, 0]

    def test_equal_promise_goes_by_the_given_order(self) -> None:
        assert self.chosen(4, order=[4, 3, 2, 1]) == [3, 2, 1, 0]

    def test_it_is_cut_at_its_size(self) -> None:
        assert self.chosen(2) == [3, 1]

    def test_only_eligible_accounts_are_taken(self) -> None:
        assert self.chosen(4, is_eligible=[True, True, False, False]) == [1, 0]
