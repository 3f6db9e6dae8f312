"""Which passwords are good enough: those that know nothing of their owner, the bureau or the keyboard."""

from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from xuezheng.records.models import District, School, User
from xuezheng.records.passwords import is_too_old

#: What settings.AUTH_PASSWORD_VALIDATORS is with the profile of 等级保护.
DENGBAO = [
    {"NAME": "xuezheng.records.passwords.LengthValidator", "OPTIONS": {"shortest": 10}},
    {"NAME": "xuezheng.records.passwords.ClassesValidator", "OPTIONS": {"classes": 3}},
    {"NAME": "xuezheng.records.passwords.HistoryValidator", "OPTIONS": {"kept": 5}},
]


@pytest.fixture
def owner(db):
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    school = School.objects.create(
        code="2134990001", name="岩寺小学", kind="211", urban_rural="121", runner="831"
    )
    return User.objects.create(username="t1", first_name="欧阳文山", role=User.Role.CLERK, school=school)


@pytest.mark.parametrize(
    "password",
    [
        "t1t1t1t1", "t1t1t1t1t1t1", "Admin@123", "Admin@123456", "xuezheng1", "xuezheng2019!", "ouyangwenshan1", "Wenshan@1985!!",
        "wenshanouyang88", "oyws19850101", "yunling2020!", "YunlingJiaoyuju1", "yansixiaoxue01", "yldjyj2024!!", "1qaz2wsx3edc",
        "qwertyuiop12", "aaaaaaaaaaaaaa", "abcabcabcabc", "P@ssw0rd2024!", "1234567890ab", "2134990001ab", "Jiaoyu@20190901",
        "教育局教育局教育局教", "欧阳文山欧阳文山欧阳",
    ],
)  # fmt: skip
def test_what_others_try_first_is_refused(owner, password):
    with pytest.raises(ValidationError):
        validate_password(password, owner)


@pytest.mark.parametrize(
    "password", ["白日依山尽-1957", "k7#Lm2pQ9x", "correct-horse-battery", "Tjm&42rvQz", "窗前明月疑是地上霜华", "tS8vwFqpLm"]
)  # fmt: skip
def test_what_nobody_tries_first_is_good_enough(owner, password):
    validate_password(password, owner)


def test_every_reason_is_said_in_chinese(owner):
    with pytest.raises(ValidationError) as refused:
        validate_password("12345", owner)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in message) for message in refused.value.messages)


def test_the_profile_of_dengbao_wants_classes_and_remembers_five(owner, settings):
    settings.AUTH_PASSWORD_VALIDATORS = DENGBAO
    with pytest.raises(ValidationError, match="至少要有3种"):
        validate_password("tjmrvqzkwphx", owner)
    used = [f"Tjm&42rvQz{order}" for order in "KLMNPQ"]
    for password in used:
        validate_password(password, owner)
        owner.set_password(password)
        owner.save()
    for password in used[1:]:
        with pytest.raises(ValidationError, match="最近5次"):
            validate_password(password, owner)
    validate_password(used[0], owner)
    assert owner.former_passwords.count() == 5


def test_a_password_grows_old_where_the_profile_says_so(owner, settings):
    owner.set_password("Tjm&42rvQzK")
    owner.password_changed_at = timezone.now() - timedelta(days=91)
    assert not is_too_old(owner)
    settings.PASSWORD_MAX_DAYS = 90
    assert is_too_old(owner)
    owner.password_changed_at = timezone.now() - timedelta(days=89)
    assert not is_too_old(owner)
