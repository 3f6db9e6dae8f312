"""The rates of aid: what published tables came to, and that no listed pupil ever gets less than another poor one."""

from datetime import date
from itertools import product

import ibis
import pyarrow as pa
import pytest

from xuezheng.areas.aid import rules
from xuezheng.areas.aid.models import Award, Recognition
from xuezheng.policy.current import entry, using
from xuezheng.policy.packs import for_division, formerly_in_the_program, shipped
from xuezheng.records.code_lists import code_list, members
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import schema

TERMS = [
    day for year in range(2016, 2027) for day in (date(year, 2, 20), date(year, 8, 31), date(year, 9, 1))
]
#: Stages with the kinds of schools in which pupils of them get aid.
TAUGHT = {"preschool": ["111"], "primary": ["211"], "junior": ["311"], "senior": ["342", "365"]}
PACKS = {
    "a county of Anhui": for_division("341004"),
    "elsewhere": for_division("110101"),
    "the demonstration": [pack.code for pack in formerly_in_the_program()],
    "a county with rates of its own": ["start", "national", "qingxi-2025"],
}


def rows_with(model, rule, rows):
    """What a rule gives for rows of a register, after the rules before it."""
    columns = schema(model)
    full = [{**dict.fromkeys(columns.names), **row, "id": place} for place, row in enumerate(rows)]
    table = ibis.memtable(pa.Table.from_pylist(full, columns))
    for known in rule_columns(model.table_name()):
        table = table.mutate(**{known.name: known.apply(table, "341004", date(2026, 12, 31)).expression})
        if known.name == rule.name:
            break
    return table.select("id", rule.name).order_by("id").to_pyarrow()[rule.name].to_pylist()


@pytest.fixture(params=PACKS, autouse=True)
def _policy(request):
    with using(shipped()[code] for code in PACKS[request.param]):
        yield


@pytest.mark.parametrize("resolved", [False, True])
@pytest.mark.parametrize("tier", ["severe", "middle", "slight"])
def test_no_category_is_entitled_to_less_than_another_poor_pupil(tier, resolved):
    places = [
        (day, stage, kind, boarding)
        for day in TERMS
        for stage, kinds in TAUGHT.items()
        for kind in kinds
        for boarding in ("boarder", "day")
    ]
    known = code_list("policy.hardship")
    categories = list(known.codes)
    rows = [
        {
            "term_start": day,
            "stage": stage,
            "school_kind": kind,
            "boarding": boarding,
            "tier": tier,
            "category": category,
            "senior_grade": "ordinary",
            "resolved": resolved,
        }
        for (day, stage, kind, boarding), category in product(places, categories)
    ]
    amounts = dict(
        zip(
            ((*place, category) for place, category in product(places, categories)),
            rows_with(Recognition, rules.entitled_amount, rows),
            strict=True,
        )
    )
    less = [
        (*place, category, amounts[*place, category], amounts[*place, "other"])
        for place, category in product(places, categories)
        if known.codes[category].on(place[0]) and amounts[*place, category] < amounts[*place, "other"]
    ]
    assert less == []


@pytest.mark.parametrize(
    ("stage", "boarding", "programme"),
    [
        ("primary", "boarder", "boarder"),
        ("junior", "boarder", "boarder"),
        ("primary", "day", "day_pupil"),
        ("junior", "day", "day_pupil"),
    ],
)
def test_a_listed_pupil_is_paid_what_other_poor_pupils_are_paid(stage, boarding, programme):
    rows = [
        {"term_start": day, "stage": stage, "boarding": boarding, "programme": paid_by}
        for day in TERMS
        for paid_by in ("registered_poor", programme)
    ]
    amounts = rows_with(Award, rules.due, rows)
    pairs = list(zip(TERMS, amounts[::2], amounts[1::2], strict=True))
    assert [
        day for day, listed, unlisted in pairs if (listed or 0) < (unlisted or 0) and day >= date(2019, 9, 1)
    ] == []
    assert pairs[-1][1] == pairs[-1][2]


# A county's published table of autumn 2025: numbers of pupils and amounts, which only these rates explain.
@pytest.mark.parametrize(
    ("programme", "stages", "total"),
    [
        ("boarder", {"primary": 1538, "junior": 3304}, 3_439_250_00),
        ("day_pupil", {"primary": 1544, "junior": 277}, 586_375_00),
        ("boarder", {"primary": 200, "junior": 211}, 283_250_00),
    ],
)
def test_a_published_table_of_autumn_2025_comes_out(programme, stages, total):
    standard = entry(f"aid.{programme}")
    assert sum(pupils * standard.value(date(2025, 9, 1), stage) for stage, pupils in stages.items()) == total


def test_the_whole_published_table_of_autumn_2025_adds_up():
    """By the rates of the nation, whatever a county has of its own.

    Items with a rate come from the packs; of the others the table gives the amounts (学前, 免学费住宿费, 中职免学费).
    """
    with using(shipped()[code] for code in for_division("110101")):
        _add_up(date(2025, 9, 1))


def _add_up(day):
    boarder, day_pupil = entry("aid.boarder"), entry("aid.day_pupil")
    compulsory = {
        "boarders": 1538 * boarder.value(day, "primary") + 3304 * boarder.value(day, "junior"),
        "day pupils": 1544 * day_pupil.value(day, "primary") + 277 * day_pupil.value(day, "junior"),
        "children in need": 200 * boarder.value(day, "primary") + 211 * boarder.value(day, "junior"),
    }
    assert sum(compulsory.values()) == 4_308_875_00
    # 80 days of meals in the term.
    nutrition = 906 * 80 * entry("health.meal_subsidy").value(day)
    assert nutrition == 362_400_00
    senior = 2064 * entry("aid.senior_grant").value(day, "second")
    vocational = 1087 * entry("aid.vocational_grant").value(day, "")
    assert (senior, vocational) == (2_373_600_00, 1_250_050_00)
    given = 173_800_00 + 110_640_00 + 4_132_650_00
    # The table's total counts nutrition apart from the sum of compulsory education, once.
    assert sum(compulsory.values()) + nutrition + senior + vocational + given == 12_712_015_00
    assert 4842 + 1821 + 411 == 7074
    assert 7074 + 906 + 2064 + 1087 + 386 + 382 + 4451 == 16_350


#: The amount of an award by programme, as somebody reads it from the lists of rates: by term, stage, tier and grade of the school.
RATES = {
    "preschool": lambda day, stage, tier, grade: entry("aid.preschool").value(day),
    "boarder": lambda day, stage, tier, grade: entry("aid.boarder").value(day, stage),
    "day_pupil": lambda day, stage, tier, grade: entry("aid.day_pupil").value(day, stage),
    "senior_grant": lambda day, stage, tier, grade: entry("aid.senior_grant").value(day, tier),
    "senior_tuition": lambda day, stage, tier, grade: entry("aid.senior_tuition").value(day, grade),
    "vocational_grant": lambda day, stage, tier, grade: entry("aid.vocational_grant").value(day, tier),
    "rain_dew": lambda day, stage, tier, grade: entry("aid.rain_dew").value(day),
}


@pytest.mark.parametrize("programme", RATES)
def test_no_award_made_at_the_rates_of_the_packs_differs_from_its_rule(programme):
    boards = {"boarder": ["boarder"], "day_pupil": ["day"]}.get(programme, ["boarder", "day"])
    places = list(
        product(
            TERMS,
            members(code_list("aid.programme").codes[programme].versions[-1], "stages"),
            boards,
            code_list("aid.tier").codes,
            ["province_model", "ordinary"],
        )
    )
    rows = [
        {"term_start": day, "stage": stage, "boarding": boarding, "tier": tier, "senior_grade": grade, "programme": programme}
        for day, stage, boarding, tier, grade in places
    ]  # fmt: skip
    at_the_rates = [RATES[programme](day, stage, tier, grade) for day, stage, _, tier, grade in places]
    dues = rows_with(Award, rules.due, rows)
    assert [place for place, rate, due in zip(places, at_the_rates, dues, strict=True) if rate != due] == []


@pytest.mark.parametrize(
    ("programme", "stage", "day", "fen"),
    [
        ("boarder", "primary", date(2023, 9, 1), 500_00),
        ("boarder", "primary", date(2024, 1, 31), 500_00),
        ("boarder", "primary", date(2024, 2, 1), 625_00),
        ("day_pupil", "junior", date(2023, 9, 1), 312_50),
        ("day_pupil", "junior", date(2024, 2, 26), 375_00),
    ],
)
def test_the_rate_changes_with_the_spring_term_of_2024(programme, stage, day, fen):
    assert entry(f"aid.{programme}").value(day, stage) == fen
