"""Numbers that identify people, schools and bodies."""

import string
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.records.identifiers import (
    birth_date_of,
    check_citizen_id,
    check_credit_code,
    check_division,
    check_school_code,
    check_student_number,
    id_check_digit,
    masked,
    sex_of,
)


@st.composite
def citizen_ids(draw):
    division = draw(st.integers(110000, 999999))
    born = draw(st.dates(date(1920, 1, 1), date(2030, 12, 31)))
    first = f"{division}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return first + id_check_digit(first)


def fault(check, value):
    with pytest.raises(ValidationError) as raised:
        check(value)
    return raised.value.message


def test_the_published_number_of_gb_11643_is_right():
    check_citizen_id("11010519491231002X")
    assert id_check_digit("11010519491231002") == "X"
    assert birth_date_of("11010519491231002X") == date(1949, 12, 31)
    assert sex_of("11010519491231002X") == "female"


@given(citizen_ids())
def test_every_well_formed_id_number_is_right(number):
    check_citizen_id(number)


@given(citizen_ids(), st.integers(0, 16), st.integers(1, 9))
def test_any_single_wrong_digit_of_an_id_number_is_refused(number, place, shift):
    wrong = str((int(number[place]) + shift) % 10)
    assert fault(check_citizen_id, number[:place] + wrong + number[place + 1 :])


@given(citizen_ids(), st.sampled_from("0123456789X"))
def test_any_wrong_check_digit_of_an_id_number_is_refused(number, last):
    if last != number[17]:
        assert "校验位不对" in fault(check_citizen_id, number[:17] + last)


@given(citizen_ids(), st.integers(0, 15))
def test_any_two_neighbours_of_an_id_number_that_are_swapped_are_refused(number, place):
    first, second = number[place : place + 2]
    if first != second:
        assert fault(check_citizen_id, number[:place] + second + first + number[place + 2 :])


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("110105491231002", "是15位的旧身份证号。请改填18位的新号。"),
        ("11010519491231002", "现为17位"),
        ("11010519491231002x", "大写X"),
        ("11010519490231002X", "第7至14位“19490231”不是一个日期"),
        ("110105194912310021", "校验位不对"),
        ("１１０１０５１９４９１２３１００２X", "请对照户口簿或身份证重新填写"),
        ("", "现为0位"),
    ],
)
def test_an_id_number_is_refused_with_what_is_wrong(number, sentence):
    assert sentence in fault(check_citizen_id, number)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "113417020032562392", "11500111009347932X"])
def test_the_published_credit_codes_of_gb_32100_are_right(code):
    check_credit_code(code)


@given(
    st.sampled_from(["91350100M000100Y43", "113417020032562392", "11500111009347932X"]),
    st.integers(0, 17),
    st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY"),
)
def test_any_single_wrong_sign_of_a_credit_code_is_refused(code, place, sign):
    if code[place] != sign:
        assert "统一社会信用代码" in fault(check_credit_code, code[:place] + sign + code[place + 1 :])


@pytest.mark.parametrize("sign", "IOSVZ")
def test_signs_that_a_credit_code_never_has_are_named(sign):
    assert "不用I、O、S、V、Z" in fault(check_credit_code, f"91350100M000100Y{sign}3")


@given(citizen_ids())
def test_a_student_number_is_g_and_a_right_id_number(number):
    check_student_number(f"G{number}")
    last = "0" if number[17] == "X" else "X"
    assert "校验位不对" in fault(check_student_number, f"G{number[:17]}{last}")


@given(citizen_ids(), st.sampled_from("JL"))
def test_a_student_number_without_id_number_is_j_or_l_and_18_signs(number, letter):
    check_student_number(letter + number)


@pytest.mark.parametrize(
    "number", ["", "G", "11010519491231002X", "K11010519491231002X", "J1101051949123100"]
)
def test_other_student_numbers_are_refused(number):
    assert "学籍号应为19位" in fault(check_student_number, number)


@pytest.mark.parametrize("code", ["2134001234", "3134001234", "1134001234", "5134001234", "3434001234"])
def test_codes_of_the_known_kinds_of_school_are_right(code):
    check_school_code(code)


@pytest.mark.parametrize(("code", "sentence"), [("213400123", "应为10位数字"), ("2334001234", "前两位“23”")])
def test_other_school_codes_are_refused(code, sentence):
    assert sentence in fault(check_school_code, code)


@given(st.integers(100000, 999999))
def test_a_division_code_is_six_digits_whatever_place_it_names(code):
    check_division(str(code))


@given(st.text(string.digits + "X ", max_size=8))
def test_all_else_is_no_division_code(text):
    if not (len(text) == 6 and text.isdigit() and text[0] != "0"):
        assert "应为6位数字" in fault(check_division, text)


@given(citizen_ids())
def test_a_masked_number_shows_neither_the_birth_date_nor_the_whole(number):
    shown = masked(number)
    assert len(shown) == 18
    assert shown[3:14] == "*" * 11
    assert shown[:3] + shown[14:] == number[:3] + number[14:]
