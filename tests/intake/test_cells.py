"""From the text of a cell to the value of a field."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.linkage.models import ListRow
from xuezheng.records.fields import MoneyField
from xuezheng.records.models import Person
from xuezheng.workbooks.cells import reader

money = reader(MoneyField("金额"))
day = reader(models.DateField("日期", null=True))
text = reader(models.CharField("文字", max_length=20, blank=True))
whole = reader(models.IntegerField("整数", null=True))
decimal = reader(models.DecimalField("小数", max_digits=8, decimal_places=2))
yes = reader(models.BooleanField("是否"))
choice = reader(models.CharField("性别", max_length=6, choices=[("male", "男"), ("female", "女")]))

DAYS = st.dates(date(1900, 3, 1), date(2099, 12, 31))
FEN = st.integers(-(10**14), 10**14)


@given(FEN)
def test_money_is_exact_to_the_fen(fen):
    sign, (yuan, rest) = "-" if fen < 0 else "", divmod(abs(fen), 100)
    assert money(f"{sign}{yuan}.{rest:02}").value == fen
    if rest % 10 == 0:
        assert money(f"{sign}{yuan}.{rest // 10}").value == fen
    if rest == 0:
        assert money(f"{sign}{yuan}").value == fen


def test_half_a_jiao_is_kept():
    assert money("312.5").value == 31_250
    assert money("-0.05").value == -5


@given(FEN.map(abs))
def test_grouped_money_is_read_only_by_consent(fen):
    for written in (f"{fen // 100:,}.{fen % 100:02}元", f"¥{fen // 100}.{fen % 100:02}"):
        cell = money(written)
        assert cell.problem
        assert cell.reading is not None
        assert cell.value == fen


@pytest.mark.parametrize(
    "written", ["312.505", "1.5万", "三百", "1e3", "312.", ".5", "--5", "1 000", "NaN", "٣"]
)
def test_what_is_no_money_is_refused(written):
    cell = money(written)
    assert "不是金额" in cell.problem
    assert cell.reading is None


@given(DAYS)
def test_an_iso_day_is_read_as_it_stands(when):
    assert day(when.isoformat()) == day(f"{when} 00:00:00")
    assert (day(when.isoformat()).value, day(when.isoformat()).problem) == (when, "")


@pytest.mark.parametrize(
    ("text", "is_wrong"),
    [
        ("1899-12-31", True),
        ("1900-01-01", False),
        ("2099-12-31", False),
        ("2100-01-01", True),
        ("2108/9/1", True),
    ],
)
def test_a_year_that_is_a_slip_is_told(text, is_wrong):
    assert ("像是写错了年份" in day(text).problem) == is_wrong


@given(DAYS, st.sampled_from(["{0.year}/{0.month}/{0.day}", "{0.year}.{0.month}.{0.day}",
                              "{0.year}年{0.month}月{0.day}日", "{0:%Y%m%d}", "{0:%Y}/{0:%m}/{0:%d}"]))  # fmt: skip
def test_a_day_in_another_spelling_is_read_as_the_same_day_by_consent(when, form):
    cell = day(form.format(when))
    assert (cell.value, cell.reading) == (when, when.isoformat())
    assert cell.problem


@given(st.integers(10_000, 99_999))
def test_a_day_that_excel_shows_as_a_number_is_read_by_consent(number):
    cell = day(str(number))
    assert cell.value == date(1899, 12, 30) + timedelta(days=number)
    assert "显示成了数字" in cell.problem


@given(st.text(max_size=12))
def test_whatever_stands_in_a_day_cell_is_a_day_a_blank_or_a_problem(written):
    cell = day(written)
    assert cell.problem or isinstance(cell.value, date) or not written.strip()


@given(st.text(max_size=20))
def test_a_text_is_kept_whole_or_complained_of(written):
    cell = text(written)
    assert cell.problem or cell.value == written or not written.strip()


@given(st.text(max_size=30))
def test_what_was_read_by_consent_reads_as_itself_the_next_time(written):
    for read in (text, money, whole, decimal, yes, choice):
        cell = read(written)
        if cell.problem and cell.reading is None:
            assert cell.problem.endswith("。")
    first = text(written)
    if first.reading is not None:
        assert text(first.value).value == first.value


@pytest.mark.parametrize("written", ["6.41002E+17", "1.10105194912310E+17", "3E+08"])
def test_a_number_that_lost_its_digits_is_refused_as_text(written):
    assert "已经丢失、无法恢复" in text(written).problem


@pytest.mark.parametrize("written", ["3E2", "E+17", "2班", "=1+1", "+86", "-", "@某人"])
def test_a_text_that_only_looks_like_one_is_kept(written):
    assert text(written).value == written


def test_a_text_that_is_too_long_is_refused_with_the_limit():
    assert "20" in text("长" * 21).problem


@pytest.mark.parametrize(("written", "value"), [("45", 45), ("-3", -3), ("007", 7)])
def test_a_whole_number_is_read(written, value):
    assert whole(written).value == value


@pytest.mark.parametrize("written", ["4.5", "四", "1_000", "1" * 16])
def test_what_is_no_whole_number_is_refused(written):
    assert "应为整数" in whole(written).problem


@given(st.decimals(-99_999, 99_999, places=2))
def test_a_decimal_is_exact(value):
    assert decimal(str(value)).value == value


@pytest.mark.parametrize("written", ["NaN", "Infinity", "1e5", "1_000", "٣.٤", "四点八"])
def test_what_is_no_decimal_is_refused(written):
    assert "应为数字" in decimal(written).problem


def test_a_decimal_with_too_many_places_is_refused():
    assert decimal("4.80").value == Decimal("4.8")
    assert "2" in decimal("4.805").problem


def test_yes_and_no_are_words():
    assert (yes("是").value, yes("否").value) == (True, False)
    assert "请从下拉框选择：是、否。" in yes("对").problem


def test_a_choice_is_read_by_its_label_only():
    assert choice("女").value == "female"
    assert "不在可选项内" in choice("female").problem


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\xa0", "\t"])
def test_a_blank_is_an_empty_value_and_no_problem(blank):
    assert [(cell.value, cell.problem) for cell in (text(blank), day(blank), money(blank))] == [
        ("", ""), (None, ""), (None, ""),
    ]  # fmt: skip


def test_a_name_on_a_list_of_others_stays_as_it_was_sent_and_elsewhere_its_spaces_are_asked_about():
    sent, ours = ListRow._meta.get_field("name"), Person._meta.get_field("name")
    assert reader(sent)("王　芳").value == "王　芳"
    assert reader(ours)("王　芳").reading == "“王芳”"
