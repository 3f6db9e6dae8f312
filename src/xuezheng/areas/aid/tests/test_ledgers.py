"""The documents about a list: what they show, and above all what they do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.aid.models import Award, Payment
from xuezheng.areas.aid.procedures import ledgers
from xuezheng.areas.aid.procedures.ledgers import (
    LEDGER,
    OTHERS,
    Cell,
    public,
    write_ledger,
    write_notice,
    write_summary,
)
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.areas.aid.tests.conftest import PROGRAMME
from xuezheng.records.models import PersonCategory
from xuezheng.workbooks.reader import read_workbook


@pytest.fixture
def listed(enrolled, term, users):
    PersonCategory.objects.create(
        person=enrolled[0].person, category="registered_poor", starts_on="2016-01-01"
    )
    return propose(PROGRAMME, term, users[0]).list


def written(write, payment_list, folder):
    write(payment_list, folder / "表.xlsx")
    (raw,) = read_workbook(folder / "表.xlsx")
    return [raw.row(row) for row in range(raw.height)]


def test_the_ledger_bears_the_usual_headings_and_each_person(listed, tmp_path):
    title, groups, headings, first, *others = written(write_ledger, listed, tmp_path)
    assert title[0] == "2019秋学期建档立卡学生资助发放台账"
    assert [group for group in groups if group] == list(LEDGER)
    assert headings == [heading for group in LEDGER.values() for heading in group]
    cells = dict(zip(headings, first, strict=True))
    person = Award.objects.first().person
    assert (cells["学生姓名"], cells["身份证号"], cells["班次"]) == (
        person.name,
        person.id_number,
        "八年级1班",
    )
    # Born on 2010-03-01, and the term starts on 2019-09-01.
    assert cells["年龄"] == "9"
    assert (cells["贫困类型"], cells["金额（元）"], cells["状态"], cells["是否寄宿"]) == (
        "建档立卡", "312.5", "待审批", "否"
    )  # fmt: skip
    assert len(others) == 2


def test_the_notice_shows_name_school_and_class_only(listed, tmp_path):
    rows = written(write_notice, listed, tmp_path)
    assert rows[1] == ["序号", "学生姓名", "学校名称", "班级"]
    assert rows[2] == ["1", "学生1", "云岭初级中学", "八年级1班"]
    text = str(rows)
    for award in Award.objects.all():
        assert award.person.id_number not in text
    assert "312" not in text
    assert "6217" not in text


def test_a_summary_of_too_few_tells_nothing(listed, tmp_path):
    rows = written(write_summary, listed, tmp_path)
    assert rows[2][0] == "共不足5人，为保护个人信息不公开"
    Award.objects.update(school_name="甲校")
    assert "甲校" not in str(written(write_summary, listed, tmp_path))


def test_a_summary_counts_all_but_those_declined_and_recovered(listed, tmp_path, monkeypatch):
    monkeypatch.setattr(ledgers, "in_force", lambda key, day: 1)
    rows = written(write_summary, listed, tmp_path)
    assert [cell for cell in rows[2] if cell] == ["云岭初级中学", "3", "937.5"]
    declined, recovered = Payment.objects.all()[:2]
    Payment.objects.filter(pk=declined.pk).update(state="declined")
    Payment.objects.filter(pk=recovered.pk).update(kind="recovery")
    assert [cell for cell in written(write_summary, listed, tmp_path)[2] if cell] == [
        "云岭初级中学",
        "1",
        "312.5",
    ]


CELLS = st.lists(st.integers(1, 12), max_size=12).map(
    lambda counts: [Cell(f"学校{order}", people, people * 500) for order, people in enumerate(counts)]
)


def test_one_person_alone_is_merged_with_the_next():
    assert public([Cell("甲校", 5, 500), Cell("乙校", 1, 100)], 2) == [Cell(OTHERS, 6, 600)]
    assert public([Cell("甲校", 5, 500), Cell("乙校", 2, 200)], 2) == [
        Cell("甲校", 5, 500),
        Cell("乙校", 2, 200),
    ]


@given(CELLS, st.integers(1, 6))
def test_nothing_small_is_told_and_no_sum_gives_it_away(cells, least):
    shown = public(cells, least)
    assert all(cell.people >= least for cell in shown)
    names = {cell.name: cell for cell in cells}
    together = [cell for cell in shown if cell.name == OTHERS]
    assert all(names[cell.name] == cell for cell in shown if cell not in together)
    if shown:
        assert sum(cell.people for cell in shown) == sum(cell.people for cell in cells)
        assert sum(cell.amount for cell in shown) == sum(cell.amount for cell in cells)
        hidden = set(names) - {cell.name for cell in shown}
        # One alone would stand under another name only: what is hidden is of two at least.
        assert not together or len(hidden) >= 2
    else:
        assert not cells or min(cell.people for cell in cells) < least
