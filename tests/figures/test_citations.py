"""The policy behind a number: what the expression read, as it was in force in the period."""

from datetime import date

from ibis import _

from xuezheng.areas.aid.models import Award
from xuezheng.core.periods import Period
from xuezheng.figures import NOW, TERM, Figure, catalogue, stock
from xuezheng.records.models import ClassGroup

SPRING = Period.parse("2019H1")


def keys(answer):
    return [citation.key for citation in answer.citations]


def figure(**kind):
    return Figure("试验", **{"unit": "元", "table": Award, "over": TERM, "value": _.amount.sum(), **kind})


def test_a_figure_cites_what_its_columns_read_and_nothing_else(snapshot):
    assert keys(figure(value=_.registered_poor_due.sum()).at(snapshot, SPRING)) == [
        f"aid.{name}"
        for name in (
            "boarder",
            "day_pupil",
            "listed_rate",
            "living_stage",
            "preschool",
            "senior_grant",
            "university",
        )
    ]
    assert keys(figure(value=_.boarder_due.sum()).at(snapshot, SPRING)) == [
        "aid.boarder",
        "aid.listed_rate",
        "aid.living_stage",
    ]
    assert keys(figure().at(snapshot, SPRING)) == []


def cited(snapshot, key, period):
    """What the paid amount of a period cites of one policy."""
    answer = catalogue.figure("aid.registered_poor_amount").at(snapshot, period)
    return next(citation for citation in answer.citations if citation.key == key)


def test_a_column_worked_out_of_others_cites_what_those_read(snapshot):
    told = keys(figure(where=_.amount != _.due).at(snapshot, SPRING))
    assert told == [
        "aid.boarder",
        "aid.day_pupil",
        "aid.listed_rate",
        "aid.living_stage",
        "aid.preschool",
        "aid.rain_dew",
        "aid.senior_grant",
        "aid.senior_tuition",
        "aid.university",
        "aid.vocational_grant",
    ]


def test_a_column_beside_the_value_is_cited_too(snapshot):
    assert keys(figure(related=("preschool_due",)).at(snapshot, SPRING)) == [
        "aid.listed_rate",
        "aid.preschool",
    ]


def test_a_dimension_is_cited_when_the_answer_is_divided_by_it(snapshot):
    classes = Figure("班级", unit="个", table=ClassGroup, over=NOW, value=_.count(), by=("size", "stage"))
    sizes = ["enrolment.oversize_class", "enrolment.very_large_class"]
    assert keys(classes.at(snapshot, SPRING)) == []
    assert keys(classes.at(snapshot, SPRING, size="oversize")) == sizes
    assert all(keys(answer) == sizes for answer in classes.per(snapshot, SPRING, "size"))
    assert all(keys(answer) == [] for answer in classes.per(snapshot, SPRING, "stage"))


def test_the_clauses_are_those_in_force_in_the_period(snapshot):
    def days(key):
        return [day for day, _ in cited(snapshot, "aid.listed_rate", Period.parse(key)).clauses]

    first, second = date(2016, 9, 1), date(2019, 9, 1)
    assert days("2019H1") == days("2019春") == days("2019-08") == [first]
    assert days("2019") == days("2019H2") == days("2019-08..2019-09") == [first, second]
    assert days("2019秋") == days("2019-09") == [second]
    assert days("2016-08") == []


def test_a_clause_is_told_in_yuan_and_in_words(snapshot):
    citation = cited(snapshot, "aid.day_pupil", Period.parse("2019秋"))
    assert (citation.title, citation.unit, citation.verified) == (
        "义务教育家庭经济困难非寄宿生生活费补助标准", "元/学期", True,
    )  # fmt: skip
    assert "财教〔2019〕121号" in citation.source
    ((_, text),) = citation.clauses
    assert "312.5元" in text
    assert "初中" in text
    assert "junior" not in text


def test_a_citation_tells_the_policy_of_the_snapshot_not_of_today(snapshot):
    citation = cited(snapshot, "aid.boarder", SPRING)
    assert citation.source == snapshot.policies["aid.boarder"]["source"]


def test_a_stock_cites_also_what_its_older_rows_may_have_used(snapshot):
    standing = figure(value=_.registered_poor_due.sum(), over=stock("term_start"))
    answer = standing.at(snapshot, Period.parse("2019-10"))
    citation = next(citation for citation in answer.citations if citation.key == "aid.listed_rate")
    assert [day for day, _ in citation.clauses] == [date(2016, 9, 1), date(2019, 9, 1)]


def test_a_register_without_days_cites_what_was_in_force_on_the_day_of_freezing(snapshot):
    near = figure(value=_.registered_poor_due.sum(), over=NOW)
    citations = near.at(snapshot, Period.parse("2019H2")).citations
    citation = next(citation for citation in citations if citation.key == "aid.listed_rate")
    assert [day for day, _ in citation.clauses] == [date(2019, 9, 1)]
