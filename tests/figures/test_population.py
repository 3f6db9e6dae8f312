"""A population declares figures over the same rows."""

from ibis import _

from xuezheng.figures import TERM, Population
from xuezheng.records.models import Pupil

BOARDERS = Population(Pupil, TERM, by=("stage", "school"), where=_.boarding == "boarder")


def test_a_figure_is_of_the_rows_of_its_population_and_narrows_them():
    boarders = BOARDERS.people("住校生", "人", "住校的学生数。")
    assert (boarders.table, boarders.over, boarders.by) == (Pupil, TERM, ("stage", "school"))
    assert repr(boarders.calculation.where) == repr(_.boarding == "boarder")
    girls = BOARDERS.people("住校女生", "人", where=_.sex == "female", by=("stage",), empty="zero")
    assert repr(girls.calculation.where) == repr((_.boarding == "boarder") & (_.sex == "female"))
    assert (girls.by, girls.empty) == (("stage",), "zero")


def test_what_is_counted_gives_the_value_and_where_it_can_the_unit():
    assert repr(BOARDERS.count("住校登记", "条").calculation.value) == repr(_.count())
    assert repr(BOARDERS.people("住校生", "人").calculation.value) == repr(_.person.nunique())
    schools = BOARDERS.schools("有住校生的学校", "有学生住校的学校数。")
    assert (repr(schools.calculation.value), schools.unit) == (repr(_.school.nunique()), "所")
    fees = BOARDERS.money("住宿费", _.fee, "住宿费之和。")
    assert (repr(fees.calculation.value), fees.unit, fees.is_money) == (repr(_.fee.sum()), "元", True)
    grade = BOARDERS.figure("平均年级", "年级", _.grade.mean(), "年级的平均数。")
    assert (repr(grade.calculation.value), grade.definition) == (repr(_.grade.mean()), "年级的平均数。")
