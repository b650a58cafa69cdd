"""Why each visit of a plan is in it."""

from bisect import bisect_right

from routing.explain.arrays import PlanArrays
from routing.explain.explanation import WhyIn
from routing.explain.moves import IMPOSSIBLE, Removals, shift_of_positions
from routing.problem import Problem
from routing.schedule import latest_start_s
from routing.solution import Route, Solution


def why_in(solution: Solution, plan: PlanArrays, removals: Removals) -> tuple[WhyIn, ...]:
    """One answer per visit, in order of visit; `removals` are those of `plan`."""
    problem = solution.problem
    prizes_cents = sorted(client.prize_cents for client in problem.clients)
    slacks_s = [
        slack_s
        for shift_index, route in enumerate(solution.routes)
        for slack_s in _slacks_s(problem, shift_index, route)
    ]
    answers = []
    shifts = shift_of_positions(plan).tolist()
    for position, (client_index, shift) in enumerate(zip(solution.visited, shifts, strict=True)):
        prize_cents = problem.clients[client_index].prize_cents
        change_cents = int(removals.change_cents[position])
        may_go = change_cents != IMPOSSIBLE
        saved_s = int(plan.travel_s[shift] - removals.travel_s[position])
        answers.append(
            WhyIn(
                client_index=client_index,
                added_travel_s=saved_s if may_go else None,
                added_cost_cents=change_cents + prize_cents if may_go else None,
                net_cents=-change_cents if may_go else None,
                rank=len(prizes_cents) - bisect_right(prizes_cents, prize_cents) + 1,
                slack_s=slacks_s[position],
            )
        )
    return tuple(answers)


def _slacks_s(problem: Problem, shift_index: int, route: Route) -> list[int]:
    """How much later each visit may end without harm to the shift, in order of visit."""
    slacks_s: list[int] = []
    deadline_s = problem.shifts[shift_index].end_s
    after = route.end_location
    for visit in reversed(route.visits):
        client = problem.clients[visit.client_index]
        leave_s = deadline_s - int(problem.duration_s[client.location_index, after])
        slacks_s.append(leave_s - visit.departure_s)
        start_s = latest_start_s(client, leave_s - client.service_duration_s)
        assert start_s is not None  # the visit itself starts no later
        deadline_s = start_s
        after = client.location_index
    return slacks_s[::-1]
