"""Each way of reading a number back, and how far it is believed."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.linkage import reconcile
from xuezheng.linkage.exact import STEPS
from xuezheng.linkage.models import Reason
from xuezheng.records.identifiers import id_check_digit


def number(order, born="20100301"):
    first = f"990101{born}{order:03d}"
    return first + id_check_digit(first)


OF = number(3)
WANG = ("王子涵", OF)
OTHERS = [("李思远", number(5)), ("赵一鸣", number(41))]


def found(one, name, written, people=(WANG, *OTHERS), **told_besides):
    told = one(people, name, written, **told_besides)
    return told.reason, next(iter(told.candidates), None)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        (OF, "number"),
        (f" {OF[:6]} {OF[6:14]} {OF[14:]}", "tidied"),
        (OF.translate(str.maketrans("0123456789", "０１２３４５６７８９")), "tidied"),
        (f"'{OF}", "tidied"),
        (OF[:6] + OF[8:17], "old_number"),
        (f"{OF[:9]}{(int(OF[9]) + 4) % 10}{OF[10:]}", "one_digit"),
        (f"{OF[:17]}{'7' if OF[17] != '7' else '8'}", "one_digit"),
        (f"{OF[:5]}{OF[6]}{OF[5]}{OF[7:]}", "swapped"),
        (f"{OF[:15]}000", "lost_digits"),
        (f"{OF[0]}.{OF[1:15].rstrip('0')}E+17", "lost_digits"),
    ],
)
def test_a_number_is_read_back(one, written, reason):
    assert found(one, "王子涵", written) == (reason, 1)


def test_an_x_may_be_small_or_wide(one):
    order = next(order for order in range(1, 999, 2) if number(order).endswith("X"))
    of = number(order)
    for sign in ("x", "ｘ", "Ｘ"):
        assert found(one, "王子涵", of[:17] + sign, [("王子涵", of)]) == ("tidied", 1)


@pytest.mark.parametrize("name", ["王子函", "王梓涵", "王紫涵", "汪子涵"])
def test_a_right_number_bears_a_name_that_sounds_the_same(one, name):
    assert found(one, name, OF) == ("number", 1)


def test_with_one_sign_wrong_the_birth_date_must_agree_too_for_it_may_be_a_brothers_name(one):
    born = date(int(OF[6:10]), int(OF[10:12]), int(OF[12:14]))
    assert found(one, "王子晨", OF, born=born) == ("number", 1)
    for told in ({}, {"born": born + timedelta(days=400)}):
        reason, candidate = found(one, "王子晨", OF, **told)
        assert (Reason(reason).finds, candidate) == (False, 1)


@pytest.mark.parametrize("written", [OF, f"{OF[:6]} {OF[6:]}", OF[:6] + OF[8:17]])
def test_a_right_number_under_another_name_is_a_conflict(one, written):
    assert found(one, "覃大壮", written) == ("name_conflict", 1)


def test_a_number_that_was_read_back_does_not_bear_another_name(one):
    wrong = f"{OF[:9]}{(int(OF[9]) + 4) % 10}{OF[10:]}"
    assert found(one, "覃大壮", wrong)[0] == "nobody"
    assert found(one, "覃大壮", f"{OF[:15]}000")[0] == "nobody"


def test_lost_digits_that_two_of_one_name_may_have_are_not_guessed(one):
    twins = [("王子涵", number(300)), ("王子涵", number(302))]
    assert found(one, "王子涵", f"{OF[:14]}3000", twins)[0] == "several"


def test_the_better_name_decides_between_two(one):
    twins = [("王子涵", number(300)), ("王子晗", number(302))]
    assert found(one, "王子晗", f"{OF[:14]}3000", twins) == ("lost_digits", 2)


@given(st.integers(0, 16), st.integers(1, 9), st.integers(1, 999))
def test_one_wrong_digit_never_makes_a_right_number(place, step, order):
    of = number(order)
    wrong = of[:place] + str((int(of[place]) + step) % 10) + of[place + 1 : 17]
    assert id_check_digit(wrong) != of[17]


@pytest.mark.parametrize(
    "written", ["", "无", "1", "E+17", "1.2E+17", "9" * 40, "';DROP TABLE listed;--", "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦٧٨"]
)
def test_what_is_no_number_finds_nobody_by_number(one, written):
    assert found(one, "覃大壮", written) == ("nobody", None)


def test_every_step_is_a_reason_that_finds():
    assert all(Reason(step.reason).finds for step in STEPS)
    assert all(0.9 < step.strength < 1 for step in STEPS)


def test_numbers_are_compared_where_nothing_may_spill_to_disk(one, monkeypatch):
    opened = []
    connect = duckdb.connect

    def noting(*args, **kwargs):
        engine = connect(*args, **kwargs)
        opened.append(engine.execute("SELECT current_setting('temp_directory')").fetchone()[0])
        return engine

    monkeypatch.setattr(reconcile.duckdb, "connect", noting)
    assert found(one, "王子涵", OF) == ("number", 1)
    assert opened == [""]
