"""The budget of expressions without a type."""

from contrib.check_types import find_overruns, read_shares

TABLE = """
                 Name   Anys    Exprs   Coverage
------------------------------------------------
             xuezheng      0        1    100.00%
   xuezheng.web.lists      3       40     92.50%
      xuezheng.web.ui      1       60     98.33%
       xuezheng.rules      2      100     98.00%
------------------------------------------------
                Total      6      201     97.01%
"""


def test_the_modules_of_a_package_are_counted_together():
    shares = read_shares(TABLE)
    assert shares["web"] == 4
    assert shares["rules"] == 2
    assert round(shares["total"], 2) == 2.99


def test_a_package_over_its_budget_is_named_with_its_share():
    shares = read_shares(TABLE)
    assert find_overruns(shares, {"total": 5, "web": 4}) == []
    (overrun,) = find_overruns(shares, {"total": 5, "web": 3.5})
    assert overrun.startswith("web：4.0%")
    assert "web: 4.0 % of its expressions are Any, the budget is 3.5 %" in overrun


def test_what_has_no_budget_of_its_own_has_that_of_all():
    assert [line[:5] for line in find_overruns(read_shares(TABLE), {"total": 3})] == ["web：4"]
