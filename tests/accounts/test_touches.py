from dataclasses import replace

import numpy as np
import pytest

from accounts import InvalidAccountsError
from accounts.touches.cost_to_serve import (
    Served,
    cost_to_serve,
    maintenance_time_s,
    next_touch,
    planned_hours_per_year,
    visit_time_s,
)
from accounts.touches.settings import (
    TOUCH_CHANNELS,
    Activity,
    Maintenance,
    Role,
    TouchChannel,
    TouchSettings,
    TouchType,
    WinningPrior,
    default_settings,
)

NONE = np.zeros(1)


def settings(overhead_share: float = 0.0) -> TouchSettings:
    """Round figures: a rep at 60 EUR an hour, somebody inside at 30, a specialist at 90."""
    rep, inside = {"rep": 1.0}, {"inside": 1.0}
    return TouchSettings(
        types=(
            TouchType(TouchChannel.MAIL, Activity(0, 360, inside, 0.0, 1.0), 0.1),
            TouchType(TouchChannel.PHONE, Activity(1200, 600, inside, 0.5), 0.25, 90.0),
            TouchType(TouchChannel.VIDEO, Activity(1800, 0, rep), 0.5),
            TouchType(TouchChannel.FIELD, Activity(None, 600, rep, 0.25), 1.0),
            TouchType(
                TouchChannel.DEMO, Activity(7200, 3600, {"rep": 1.0, "expert": 0.5}, 0, 40.0), 2.0
            ),
        ),
        roles=(Role("rep", 60.0), Role("inside", 30.0), Role("expert", 90.0)),
        maintenance=Maintenance(3600, 1800, 600, {"inside": 1.0}, 1.0, 0.2),
        winning=WinningPrior(6.0, 180.0, 5.0),
        km_rate_eur=0.5,
        overhead_share=overhead_share,
    )


def served(
    touches: dict[str, float],
    contact_s: dict[str, float] | None = None,
    *,
    contacts: int = 0,
    orders: int = 0,
    buys: bool = False,
    years: float = 1.0,
) -> Served:
    """One account whose visits take 40 minutes, 30 minutes and 20 km away."""
    names = [channel.value for channel in TOUCH_CHANNELS]
    noted = {name: (contact_s or {}).get(name, np.nan) for name in names}
    return Served(
        touches=np.array([[touches.get(name, 0.0) for name in names]]),
        contact_s=np.array([[noted[name] for name in names]]),
        visit_s=np.array([2400.0]),
        travel_s=np.array([1800.0]),
        travel_m=np.array([20_000.0]),
        contacts=np.array([contacts]),
        orders=np.array([orders]),
        buys=np.array([buys]),
        years=years,
    )


def test_a_visit_costs_its_time_its_way_and_its_kilometres():
    cost = cost_to_serve(served({"field": 2}), settings())
    # Two visits of 40 + 10 minutes and 30 minutes on the road: 160 minutes at 60 EUR an hour, and
    # 2 x 20 km at 0.50.
    assert cost.time_eur[0] == pytest.approx(160.0)
    assert cost.travel_eur[0] == pytest.approx(20.0)
    assert cost.expense_eur[0] == 0
    assert cost.total_eur[0] == pytest.approx(180.0)
    assert cost.by_channel_eur[0].tolist() == pytest.approx([0, 0, 0, 180, 0, 0])
    # A quarter of the 100 minutes with the account is support, the road is not.
    assert cost.support_s[0].tolist() == [1500.0, 0, 0]
    assert cost.sales_s[0].tolist() == [4500.0 + 3600.0, 0, 0]
    assert cost.travel_s[0] == 3600


def test_time_that_was_noted_down_counts_instead_of_the_usual_one():
    cost = cost_to_serve(served({"field": 2}, {"field": 7200.0}), settings())
    # 120 noted + 2 x 10 preparation + 2 x 30 on the road = 200 minutes, and 20 EUR of kilometres.
    assert cost.total_eur[0] == pytest.approx(220.0)


def test_everybody_at_a_demo_costs_and_so_does_what_it_uses_up():
    cost = cost_to_serve(served({"demo": 1}), settings())
    # 3 h + 0.5 h on the road: 3.5 x (60 + 0.5 x 90) = 367.50, 20 km 10.00, expenses 40.00.
    assert cost.total_eur[0] == pytest.approx(417.5)
    assert cost.sales_s[0].tolist() == [12_600.0, 0, 6_300.0]
    assert cost.hours[0] == pytest.approx(5.25)


def test_calls_and_mails_need_no_journey():
    cost = cost_to_serve(served({"phone": 3, "mail": 10}), settings())
    # 3 x 30 minutes at 30 EUR = 45; 10 x (6 minutes = 3 EUR, and 1 EUR).
    assert cost.total_eur[0] == pytest.approx(45 + 40)
    assert cost.travel_s[0] == 0


def test_overhead_comes_on_top_of_time_alone():
    without, with_it = (cost_to_serve(served({"field": 2}), settings(x)) for x in (0.0, 0.5))
    assert with_it.time_eur[0] == pytest.approx(1.5 * without.time_eur[0])
    assert with_it.travel_eur[0] == without.travel_eur[0]


def test_customers_are_cared_for_by_the_contact_and_the_order():
    # A year for who buys: 3,600 + 2 more contacts x 1,800 + 5 orders x 600 = 10,200 s.
    one = served({}, contacts=3, orders=5, buys=True)
    assert maintenance_time_s(one, settings())[0] == 10_200
    cost = cost_to_serve(one, settings())
    assert cost.support_s[0].tolist() == [0, 10_200, 0]
    assert cost.total_eur[0] == pytest.approx(85.0)  # 10,200 s at 30 EUR an hour
    # Over half a year half of what is told by the year, and the orders of the period.
    assert maintenance_time_s(replace(one, years=0.5), settings())[0] == 3_600 + 3_000
    # Nobody cares for who neither buys nor is known.
    assert maintenance_time_s(served({}), settings())[0] == 0


def test_several_contacts_make_a_visit_longer():
    times = visit_time_s(np.array([2400, 2400, 2400]), np.array([0, 1, 3]), settings())
    assert times.tolist() == pytest.approx([2400, 2400, 2400 * 1.4])


def test_channels_add_up_to_the_whole():
    one = served({"mail": 4, "phone": 3, "video": 2, "field": 5, "demo": 1}, orders=7, buys=True)
    cost = cost_to_serve(one, settings(0.2))
    assert cost.by_channel_eur.sum() == pytest.approx(cost.total_eur[0])
    assert cost.by_channel_s.sum() / 3600 == pytest.approx(cost.hours[0])


def test_the_next_touch_brings_a_share_of_what_a_visit_brings():
    def ask(channel: TouchChannel):
        return next_touch(
            settings().type_of(channel),
            settings(),
            np.array([100.0]),
            np.array([2400.0]),
            np.array([1800.0]),
            np.array([20_000.0]),
        )

    call, visit = ask(TouchChannel.PHONE), ask(TouchChannel.FIELD)
    assert (call.time_s[0], call.cost_eur[0], call.value_eur[0]) == (1800, 15.0, 25.0)
    # 40 + 10 + 30 minutes at 60 EUR, and 10 EUR of kilometres.
    assert (visit.time_s[0], visit.cost_eur[0], visit.value_eur[0]) == (4800, 90.0, 100.0)
    assert visit.net_eur[0] == pytest.approx(10.0)


def test_hours_of_a_year_come_from_the_intervals():
    hours = planned_hours_per_year(
        settings(), np.array([73.05]), np.array([2400.0]), np.array([1800.0])
    )[0]
    # 5 visits of 80 minutes; a call of 30 minutes each 90 days; the others have no interval.
    assert hours.tolist() == pytest.approx([0, 365.25 / 90 / 2, 0, 5 * 80 / 60, 0])


def test_defaults_are_valid_and_cost_what_plans_count():
    default = default_settings(45.0, 0.3)
    field = default.type_of(TouchChannel.FIELD)
    assert default.team_rate_eur(field.activity.team) == pytest.approx(
        45.0 * (1 + default.overhead_share)
    )
    effects = [one.effect_share for one in default.types]
    assert effects == sorted(effects)


WRONG = {
    "no visit is worth two": lambda s: replace(s.types[3], effect_share=2.0),
    "an interval of zero": lambda s: replace(s.types[1], interval_days=0.0),
    "a negative effect": lambda s: replace(s.types[0], effect_share=-0.1),
    "a negative duration": lambda s: Activity(-1, 0, {}),
    "half a person too many": lambda s: Activity(1, 0, {"rep": 1.5}),
    "time that is no number": lambda s: Activity(1, 0, {}, expense_eur=float("nan")),
    "a wage below nothing": lambda s: Role("rep", -1.0),
    "a channel left out": lambda s: replace(s, types=s.types[1:]),
    "channels in disorder": lambda s: replace(s, types=s.types[::-1]),
    "an unknown role": lambda s: replace(s, roles=s.roles[1:]),
    "two roles of one name": lambda s: replace(s, roles=(*s.roles, s.roles[0])),
    "negative overhead": lambda s: replace(s, overhead_share=-0.5),
    "care for less than nothing": lambda s: replace(s.maintenance, per_order_s=-1),
    "a prior of nothing": lambda s: WinningPrior(0.0, 1.0, 1.0),
}


@pytest.mark.parametrize("what", WRONG)
def test_settings_that_cannot_be_are_refused(what):
    with pytest.raises(InvalidAccountsError):
        WRONG[what](settings())
