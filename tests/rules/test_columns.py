"""Rule columns and the table that they see."""

from datetime import date

import ibis
import pyarrow as pa
import pytest
from django.db import models

from xuezheng.areas.aid.models import Award
from xuezheng.policy import PolicyError
from xuezheng.policy.current import policy
from xuezheng.records.models import ClassGroup, Person, Pupil
from xuezheng.rules import column
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import _type, base_columns, schema


def rule(name):
    return next(rule for rule in rule_columns("aid_award") if rule.name == name)


def ruling(name):
    table = ibis.table(ibis.Schema.from_pyarrow(schema(Award)), name="award")
    return rule(name).apply(table, "349900", date(2019, 7, 5))


def test_the_types_of_a_table_come_from_its_model():
    kinds = schema(Award)
    assert kinds.field("id").type == kinds.field("person").type == kinds.field("amount").type == pa.int64()
    assert kinds.field("paid_on").type == pa.date32()
    assert kinds.field("programme").type == pa.string()
    assert schema(ClassGroup).field("attached").type == pa.bool_()
    assert _type(models.DecimalField(max_digits=8, decimal_places=2)) == pa.decimal128(8, 2)
    with pytest.raises(TypeError):
        _type(models.JSONField())


def test_a_column_tells_its_label_choices_money_and_register():
    columns = {column.name: column for column in base_columns(Award)}
    assert columns["amount"].money
    assert columns["stage"].choices["junior"] == "初中"
    assert columns["school"].register == "school"
    assert columns["term_code"].label == "学期"


def test_what_names_a_person_is_not_in_the_table():
    names = set(schema(Person).names) | set(schema(Pupil).names)
    assert not names & {
        "name",
        "id_number",
        "id_number_hash",
        "birth_date",
        "student_number",
        "batch",
        "source_row",
    }


def test_a_ruling_notes_the_policy_and_the_columns_that_it_read():
    assert ruling("standard").policies == ("aid.listed_rate",)
    assert ruling("standard").reads == ("boarding", "programme", "stage", "term_start")
    assert ruling("paid").policies == ()
    assert ruling("place").reads == ("study_division",)


def test_noting_starts_anew_for_every_rule():
    policy("aid").noting("", date(2019, 1, 1)).boarder  # noqa: B018 - reading is what is noted
    assert ruling("standard").policies == ("aid.listed_rate",)


def test_a_policy_that_is_not_there_is_told():
    with pytest.raises(PolicyError, match=r"业务“aid”的policy\.yaml里没有“nothing”。"):
        policy("aid").noting("", date(2019, 1, 1)).nothing  # noqa: B018


def test_the_docstring_of_a_rule_is_its_label():
    @column(Award, null=True)
    def odd(award, policy):
        """某列：
        分两行写。
        """

    assert odd.label == "某列： 分两行写。"
    assert (odd.null, odd.money, odd.choices) == (True, False, {})
