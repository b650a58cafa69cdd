"""
Put clients in, best score first.

Greedy, and lazy about it: scores only fall while a shift fills up, except next to what was just
inserted, so a cached score is an upper bound and only the top of the queue is recomputed. A client
that fits but costs more than it brings waits in the queue: a new visit beside it may change that.
"""

# Elements of arrays are of no certain type to mypy; compiled code knows better.
# mypy: disable-error-code="no-any-return"

from routing.search.arrays import NO_LIMIT_S, Arrays
from routing.search.compiled import compiled
from routing.search.insertion import AT_A_LOSS, DOES_NOT_FIT, best_position, position_score
from routing.search.plan import UNVISITED, Plan, insert, is_idle
from routing.search.randomness import uniform
from routing.search.schedule import reschedule
from routing.search.worth import nights_cents, travel_total_s


@compiled
def recreate(
    a: Arrays,
    plan: Plan,
    forced: int,
    blend: float,
    power: int,
    noise: float,
    considered_share: float,
    everywhere: bool,
) -> None:
    """
    Insert left-out clients until none is worth it or fits.

    Parameters
    ----------
    forced
        A client to insert first even at a loss, or -1.
    blend, power
        See `position_score`.
    noise
        Scores are multiplied by a random factor from 1 - noise to 1 + noise.
    considered_share
        Chance of each optional client to be considered at all.
    everywhere
        Whether to try the shifts, too, that were not touched since the plan was kept. A plan is
        nearly full, so that little fits there.
    """
    nights_cents(a, plan)
    # Those that must go in come first, so that the others are scored beside them.
    if forced >= 0 or len(a.required) > 0:
        queued = 0
        for client in range(len(plan.shift_of)):
            if plan.shift_of[client] == UNVISITED and (a.is_required[client] or client == forced):
                _draw_weight(plan, client, noise)
                plan.queue[queued] = client
                queued += 1
        _insert_queue(a, plan, queued, True, blend, power, True)
    queued = 0
    for client in range(len(plan.shift_of)):
        if plan.shift_of[client] != UNVISITED or a.is_required[client] or client == forced:
            continue
        if considered_share < 1.0 and uniform(plan.random) >= considered_share:
            continue
        _draw_weight(plan, client, noise)
        plan.queue[queued] = client
        queued += 1
    _insert_queue(a, plan, queued, False, blend, power, everywhere)


@compiled
def _draw_weight(plan: Plan, client: int, noise: float) -> None:
    plan.weight[client] = 1.0
    if noise > 0.0:
        plan.weight[client] += noise * (2.0 * uniform(plan.random) - 1.0)


@compiled
def _insert_queue(
    a: Arrays,
    plan: Plan,
    queued: int,
    is_must: bool,
    blend: float,
    power: int,
    everywhere: bool,
) -> None:
    """Insert queued clients while any is worth it and fits."""
    queued = _score_queue(a, plan, queued, is_must, blend, power, everywhere)
    while queued > 0:
        top = 0
        for place in range(1, queued):
            if plan.top_score[plan.queue[place]] > plan.top_score[plan.queue[top]]:
                top = place
        client = plan.queue[top]
        if plan.top_score[client] <= AT_A_LOSS:
            return
        cached = plan.top_score[client]
        shift, position = _best_shift(a, plan, client, is_must, blend, power)
        score = plan.top_score[client]
        if score <= AT_A_LOSS:
            if score <= DOES_NOT_FIT:
                queued -= 1
                plan.queue[top] = plan.queue[queued]
            continue
        if score < cached:
            is_overtaken = False
            for place in range(queued):
                if plan.top_score[plan.queue[place]] > score:
                    is_overtaken = True
                    break
            if is_overtaken:
                continue

        was_idle = is_idle(plan, shift)
        insert(plan, client, shift, position)
        reschedule(a, plan, shift)
        queued -= 1
        plan.queue[top] = plan.queue[queued]
        if was_idle:
            nights_cents(a, plan)
            queued = _score_queue(a, plan, queued, is_must, blend, power, everywhere)
        else:
            _raise_scores_beside(a, plan, queued, shift, position, is_must, blend, power)


@compiled
def spare_travel_s(a: Arrays, plan: Plan) -> int:
    """Driving that the limit on all shifts together still allows."""
    if a.max_travel_s == NO_LIMIT_S:
        return NO_LIMIT_S
    return a.max_travel_s - travel_total_s(plan)


@compiled
def _score_queue(
    a: Arrays,
    plan: Plan,
    queued: int,
    is_must: bool,
    blend: float,
    power: int,
    everywhere: bool,
) -> int:
    """Score the queue in all shifts and drop those that fit nowhere; returns how many are left."""
    spare = spare_travel_s(a, plan)
    left = 0
    for place in range(queued):
        client = plan.queue[place]
        top = DOES_NOT_FIT
        for shift in range(len(plan.visits)):
            score = DOES_NOT_FIT
            if everywhere or plan.is_touched[shift]:
                score, _ = best_position(a, plan, client, shift, blend, power, is_must, spare)
                if score > 0.0:
                    score *= plan.weight[client]
            plan.score[client, shift] = score
            top = max(top, score)
        if top > DOES_NOT_FIT:
            plan.top_score[client] = top
            plan.queue[left] = client
            left += 1
    return left


@compiled
def _best_shift(
    a: Arrays, plan: Plan, client: int, is_must: bool, blend: float, power: int
) -> tuple[int, int]:
    """Where a client fits best now, among the shifts where it did at first; rescores it."""
    spare = spare_travel_s(a, plan)
    best_shift, best, top = -1, -1, DOES_NOT_FIT
    for shift in range(len(plan.visits)):
        if plan.score[client, shift] <= DOES_NOT_FIT:
            continue
        score, position = best_position(a, plan, client, shift, blend, power, is_must, spare)
        if score > 0.0:
            score *= plan.weight[client]
        plan.score[client, shift] = score
        if score > top:
            best_shift, best, top = shift, position, score
    plan.top_score[client] = top
    return best_shift, best


@compiled
def _raise_scores_beside(
    a: Arrays,
    plan: Plan,
    queued: int,
    shift: int,
    position: int,
    is_must: bool,
    blend: float,
    power: int,
) -> None:
    """Raise cached scores to what is possible right before and behind the newest visit."""
    spare = spare_travel_s(a, plan)
    for place in range(queued):
        client = plan.queue[place]
        if plan.score[client, shift] <= DOES_NOT_FIT:
            continue
        for beside in range(position, position + 2):
            score = position_score(a, plan, client, shift, beside, blend, power, is_must, spare)
            if score > 0.0:
                score *= plan.weight[client]
            plan.score[client, shift] = max(plan.score[client, shift], score)
        plan.top_score[client] = max(plan.top_score[client], plan.score[client, shift])
