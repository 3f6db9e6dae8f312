"""What cannot be true of one record at once, told in the same words to forms and imports."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.records.models import (
    ClassGroup,
    District,
    Person,
    PersonCategory,
    Pupil,
    School,
    StaffMember,
    Term,
)

DAY, EVE = date(2019, 3, 2), date(2019, 3, 1)
NUMBER = "11010519491231002X"


def told(record):
    return dict(record.faults())


def school(kind="211", **fields):
    return School(code="2134990001", name="某校", kind=kind, **fields)


def group(stage="primary", grade=1, **fields):
    return ClassGroup(school=fields.pop("school", school()), name="1班", stage=stage, grade=grade, **fields)


def person(**fields):
    usual = {"name": "甲", "id_number": NUMBER, "sex": "female", "birth_date": date(1949, 12, 31)}
    return Person(**{**usual, **fields})


def pupil(**fields):
    usual = {"person": person(), "class_group": group(), "student_number": f"G{NUMBER}", "entered_on": DAY}
    return Pupil(**{**usual, **fields})


RIGHT = [
    Term(code="2019春", starts_on=EVE, ends_on=DAY),
    school(),
    school("342", senior_grade="ordinary"),
    school("365"),
    group(),
    group("preschool", attached=True),
    group("preschool", 4, school=school("111")),
    group("junior", 3, school=school("312")),
    person(),
    person(id_type="passport", id_number="E1234567", sex="male"),
    PersonCategory(starts_on=DAY, ends_on=DAY),
    pupil(),
    pupil(student_number="J110105194912310021"),
    pupil(student_number="", class_group=group("preschool", school=school("111"))),
    StaffMember(post_from=DAY, post_until=DAY),
]
WRONG = [
    (Term(code="2019春", starts_on=DAY, ends_on=EVE), "ends_on", "放假日期早于开学日期2019-03-02"),
    (school("342"), "senior_grade", "办高中的学校须填高中等级"),
    (school("345"), "senior_grade", "办高中的学校须填高中等级"),
    (school("211", senior_grade="ordinary"), "senior_grade", "小学不办高中，高中等级应留空"),
    (group("junior"), "stage", "小学不办初中。如是附设班，请在“附设班”填“是”"),
    (group(grade=7), "grade", "小学的年级应为1至6"),
    (group("preschool", 5, attached=True), "grade", "学前的年级应为1至4"),
    (group("junior", 0, school=school("311")), "grade", "初中的年级应为1至3"),
    (person(id_number=NUMBER[:17] + "1"), "id_number", "校验位不对"),
    (person(birth_date=DAY), "birth_date", "与身份证件号中的1949-12-31不一致"),
    (person(sex="male"), "sex", "第17位所示的“女”不一致"),
    (PersonCategory(starts_on=DAY, ends_on=EVE), "ends_on", "退出日期早于认定日期2019-03-02"),
    (pupil(student_number=""), "student_number", "小学学生须填学籍号"),
    (pupil(student_number="G110105194912310021"), "student_number", "G后的18位应与本行身份证件号相同"),
    (pupil(left_on=EVE), "left_on", "离校日期早于入学日期2019-03-02"),
    (StaffMember(post_from=DAY, post_until=EVE), "post_until", "离任日期早于任职日期2019-03-02"),
]


@pytest.mark.parametrize("record", RIGHT, ids=lambda record: type(record).__name__)
def test_what_can_be_true_is_not_complained_of(record):
    assert told(record) == {}


@pytest.mark.parametrize(("record", "field", "sentence"), WRONG)
def test_what_cannot_be_true_is_told_at_its_field(record, field, sentence):
    assert sentence in told(record)[field]
    assert told(record)[field].endswith("。")


@pytest.mark.parametrize(("record", "field", "sentence"), WRONG)
def test_a_form_tells_the_same(record, field, sentence):
    with pytest.raises(ValidationError) as raised:
        record.clean()
    assert sentence in raised.value.message_dict[field][0]


def test_sex_and_birth_date_follow_from_the_id_number():
    someone = Person(name="甲", id_number=NUMBER)
    someone.clean()
    assert (someone.sex, someone.birth_date) == ("female", date(1949, 12, 31))


def test_what_was_given_is_not_replaced_by_what_follows():
    someone = person(sex="male")
    someone.complete()
    assert someone.sex == "male"


def test_a_page_shows_the_number_masked():
    assert person().masked_id_number == "110***********002X"


@pytest.mark.django_db
def test_there_is_but_one_district():
    District.objects.create(code="990101", name="甲区", bureau_name="甲区教育局")
    other = District(code="990102", name="乙区", bureau_name="乙区教育局")
    [(field, told)] = other.faults()
    assert (field, "只能有一条" in told) == ("code", True)
    assert list(District.objects.get().faults()) == []
