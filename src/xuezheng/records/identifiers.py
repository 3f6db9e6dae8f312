"""Numbers that identify people, schools and organisations: their form and check digits.

Each ``check_…`` function returns None for a valid number and raises
:class:`django.core.exceptions.ValidationError`, with a Chinese sentence that describes the error and its
remedy, for an invalid one. Sources: GB 11643-1999, GB 32100-2015, GB/T 2260, 教育部《学校（机构）代码管理办法》(2011),
教基一〔2013〕7号 (学籍号).
"""

import re
from datetime import date
from operator import mul

from django.core.exceptions import ValidationError

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
_CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_SCHOOL_TYPES = {
    "11", "21", "22", "31", "32", "33", "34", "35", "36", "37", "41", "42", "51", "91", "92", "93",
}  # fmt: skip


def id_check_digit(first17: str) -> str:
    """Return the 18th character (a digit or X) of a citizen's ID number from its first 17 digits (GB 11643-1999)."""
    return ID_CHECKS[sum(map(mul, map(int, first17), ID_WEIGHTS)) % 11]


def birth_date_of(id_number: str) -> date:
    """Return the birth date in digits 7 to 14 of an 18-digit citizen's ID number.

    Raises ``ValueError`` if they are no date.
    """
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def sex_of(id_number: str) -> str:
    """Return ``male`` or ``female`` by the 17th digit of a citizen's ID number."""
    return "male" if int(id_number[16]) % 2 else "female"


def check_citizen_id(value: str) -> None:
    """Check a citizen's ID number: 18 characters with a real birth date and the right check digit.

    Raises ``ValidationError`` if it is invalid.
    """
    if re.fullmatch(r"[0-9]{15}", value):
        raise ValidationError("是15位的旧身份证号。请改填18位的新号。", code="id_old")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        raise ValidationError(
            f"身份证号应为18位，前17位是数字、末位是数字或大写X，现为{len(value)}位。请对照户口簿或身份证重新填写。",
            code="id_form",
        )
    try:
        birth_date_of(value)
    except ValueError:
        raise ValidationError(
            f"第7至14位“{value[6:14]}”不是一个日期。请对照户口簿或身份证重新填写。", code="id_birth"
        ) from None
    if value[17] != id_check_digit(value[:17]):
        raise ValidationError(
            "校验位不对，号码中至少有一位填错。请对照户口簿或身份证逐位核对。", code="id_check"
        )


def check_student_number(value: str) -> None:
    """Check a student number (学籍号): G and a valid citizen's ID number, or J or L and 18 characters.

    Raises ``ValidationError`` if it is invalid.
    """
    if not re.fullmatch(r"[GJL][0-9]{17}[0-9X]", value):
        raise ValidationError(
            "学籍号应为19位：G加18位身份证号，或J、L加18位编号。请对照学籍系统填写。", code="student_number"
        )
    if value[0] == "G":
        check_citizen_id(value[1:])


def check_school_code(value: str) -> None:
    """Check a school identifier code (学校标识码): 10 digits, the first two a known kind of school.

    Raises ``ValidationError`` if it is invalid.
    """
    if not re.fullmatch(r"[0-9]{10}", value):
        raise ValidationError("学校标识码应为10位数字。请对照学校机构代码库填写。", code="school_code")
    if value[:2] not in _SCHOOL_TYPES:
        raise ValidationError(
            f"学校标识码的前两位“{value[:2]}”不是已知的学校类别（如11幼儿园、21小学、31初中、34高中）。",
            code="school_type",
        )


def check_division(value: str) -> None:
    """Check the form of a division code (GB/T 2260): six digits, the first not 0; raises ``ValidationError``.

    Whether the division exists is not checked.
    """
    if not re.fullmatch(r"[1-9][0-9]{5}", value):
        raise ValidationError("行政区划代码应为6位数字，如“341004”。", code="division")


def check_credit_code(value: str) -> None:
    """Check a unified social credit code (GB 32100-2015): 18 characters and both check digits.

    Raises ``ValidationError`` if it is invalid.
    """
    if not re.fullmatch(f"[{_CREDIT_SIGNS}]{{18}}", value):
        raise ValidationError(
            "统一社会信用代码应为18位数字或大写字母（不用I、O、S、V、Z）。请对照证书填写。",
            code="credit_form",
        )
    body = value[8:17]
    body_sum = sum(_alphanumeric(sign) * w for sign, w in zip(body, _BODY_WEIGHTS, strict=False))
    whole_sum = sum(_CREDIT_SIGNS.index(sign) * w for sign, w in zip(value, _CREDIT_WEIGHTS, strict=False))
    if body[8] != "0123456789X"[(11 - body_sum % 11) % 11] or value[17] != _CREDIT_SIGNS[-whole_sum % 31]:
        raise ValidationError("统一社会信用代码的校验位不对。请对照证书逐位核对。", code="credit_check")


def _alphanumeric(sign: str) -> int:
    return int(sign, 36)


def with_numbers_masked(text: str) -> str:
    """Return a text in which every run of 15 to 18 digits (the last may be X) is masked as by :func:`masked`."""
    return re.sub(r"[0-9]{15,17}[0-9Xx]?", lambda match: masked(match[0]), text)


def masked(number: str) -> str:
    """Return a number with all but its first three and last four characters replaced by ``*``.

    A text shorter than eight characters is unchanged.
    """
    return number if len(number) < 8 else f"{number[:3]}{'*' * (len(number) - 7)}{number[-4:]}"


def id_number_in(text: str) -> str | None:
    """Return the ID number in a text that consists of it, perhaps after a single letter; else None.

    A letter precedes it in a student number. An ID number here is 15 to 17 digits and a further digit or X;
    the result has X in upper case. Its check digit is not checked.
    """
    match = re.fullmatch(r"[A-Za-z]?(\d{15,17}[\dXx])", text)
    return match[1].upper() if match else None
