"""
VROOM: jobs with priorities, a vehicle for each shift.

It serves the jobs of the highest sum of priorities, then at the least driving. A priority is a
whole number up to 100: prizes up to 100 are kept as they are, larger ones scaled so that the
largest is 100, which blurs them by half a percent of it, and none falls below 1. What a visit costs
cannot be weighed against its prize. Windows and breaks are native. It takes no seed and
no limit on time: `exploration_level` 5, the highest, ends by itself.
"""

import vroom

from benchmarks.rivals.terms import is_priced, solution_of, untold
from routing.problem import Problem
from routing.solution import Solution

IS_RANDOM = False

MOST_PRIORITY = 100


def models(problem: Problem) -> str | None:
    if problem.has_free_nights:
        return "it has no nights to choose"
    if is_priced(problem):
        return "it takes the highest priorities whatever they cost"
    return untold(problem)


def solve(problem: Problem, budget_s: float, seed: int) -> Solution:
    """The budget and the seed have no meaning to VROOM."""
    question = vroom.Input()
    question.set_durations_matrix("car", problem.duration_s)
    for index, shift in enumerate(problem.shifts):
        question.add_vehicle(
            vroom.Vehicle(
                index + 1,
                start=shift.start_location,
                end=shift.end_location,
                time_window=vroom.TimeWindow(shift.start_s, shift.end_s),
                breaks=[
                    vroom.Break(number, [vroom.TimeWindow(one.early_s, one.late_s)], one.duration_s)
                    for number, one in enumerate(shift.breaks)
                ],
            )
        )
    largest = max([MOST_PRIORITY, *(client.prize_cents for client in problem.clients)])
    for index, client in enumerate(problem.clients):
        if client.prize_cents == 0:
            continue
        question.add_job(
            vroom.Job(
                index + 1,
                client.location_index,
                service=client.service_duration_s,
                priority=max(1, round(client.prize_cents * MOST_PRIORITY / largest)),
                time_windows=[vroom.TimeWindow(w.early_s, w.late_s) for w in client.time_windows],
            )
        )
    steps = question.solve(exploration_level=5, nb_threads=1).routes
    sequences: list[list[int]] = [[] for _ in problem.shifts]
    for vehicle, kind, job in zip(steps["vehicle_id"], steps["type"], steps["id"], strict=True):
        if kind == "job":
            sequences[int(vehicle) - 1].append(int(job) - 1)
    return solution_of(problem, sequences)
