"""Password hashing, and the rules for strong passwords.

The strength of a password is the number of characters that remain after removing everything an attacker would
try first: the names of its owner, the school and the bureau (as written, as pinyin and as initials), common
words and keyboard rows, years and dates, runs and repeats. Each removed piece counts as one character,
whatever its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils import timezone
from pypinyin import Style, lazy_pinyin

_WORDS = [
    "admin", "administrator", "root", "user", "guest", "test", "temp", "demo", "pass", "passwd", "password",
    "pwd", "welcome", "hello", "login", "letmein", "master", "system", "manager", "super", "office", "server",
    "abc", "abcd", "qwe", "asd", "zxc", "qaz", "wsx", "edc", "qwer", "asdf", "zxcv", "qwerty", "qwertyuiop",
    "asdfgh", "zxcvbn", "iloveyou", "woaini", "woaizhongguo", "zhongguo", "china", "beijing", "nihao", "mima",
    "guanliyuan", "xitong", "ceshi", "yonghu", "laoshi", "xuesheng", "xiaozhang", "juzhang", "xuezheng",
    "jiaoyu", "jiaoyuju", "jyj", "jiaoti", "jiaotiju", "xuexiao", "zhongxue", "xiaoxue", "youeryuan",
    "bangongshi", "bgs", "jiaowu", "jiaowuchu", "zizhu", "zizhuzhongxin", "renshi", "caiwu", "shuju", "gongzuo",
    "edu", "school", "teacher", "student", "county", "gov", "password", "passw0rd", "学政", "教育", "教育局", "密码",
    "管理员",
]  # fmt: skip
_LEET = str.maketrans("@4831!0$579", "aabeiiosstg")
_ROWS = (
    "01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()",
)  # fmt: skip
_SHORTEST_RUN = 3
_YEAR = re.compile(r"(?:19|20)\d{2}(?:0?[1-9]|1[0-2])?(?:[0-2]\d|3[01])?")
_REPEAT = re.compile(r"(.{1,8}?)\1+")
_NAME_TOO_SHORT = 2  # characters of a name that would be found in any password


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB of memory, two passes and one thread, as the OWASP Password Storage Cheat Sheet advises.

    Django's own 100 MiB and eight threads take a fifth of a second of the processor for each login: a hundred schools that
    log in at once would keep all others waiting. A hash of other parameters is renewed when its owner next logs in.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class GuessableValidator:
    """Refuses passwords of which too little remains once names, common words, years, runs and repeats are removed.

    ``shortest`` is the number of characters that must remain, as :func:`measure` counts them.
    """

    def __init__(self, shortest: int = 8) -> None:
        self.shortest = shortest

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` if fewer than ``shortest`` characters of the password remain."""
        if measure(password, names_of(user)) < self.shortest:
            raise ValidationError(
                "这个密码容易猜中：去掉登录名、姓名、单位名称、常用词、年份和连续重复的字符以后，剩下的太少。请加长，或换成几个不相干的词。"
            )

    def get_help_text(self) -> str:
        """Return the rule as a Chinese sentence."""
        return "不要用姓名、单位名称、常用词、年份和连续重复的字符拼成。"


class ClassesValidator:
    """Requires characters of at least ``classes`` of four classes: capital letters, small letters, digits, others."""

    def __init__(self, classes: int) -> None:
        self.classes = classes

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` if the password has characters of fewer than ``classes`` classes."""
        tests = (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum() or ord(sign) > 127)
        present = sum(any(test(sign) for sign in password) for test in tests)
        if present < self.classes:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """Return the rule as a Chinese sentence."""
        return f"大写字母、小写字母、数字、其他字符中至少要有{self.classes}种。"


class LengthValidator:
    """Requires at least ``shortest`` characters; its messages are in Chinese."""

    def __init__(self, shortest: int) -> None:
        self.shortest = shortest

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` if the password has fewer than ``shortest`` characters."""
        if len(password) < self.shortest:
            raise ValidationError(self.get_help_text())

    def get_help_text(self) -> str:
        """Return the rule as a Chinese sentence."""
        return f"至少{self.shortest}个字符。"


class CommonValidator(CommonPasswordValidator):
    """Refuses the twenty thousand most common passwords, as Django does; its messages are in Chinese."""

    def get_error_message(self) -> str:
        """Return the error message in Chinese."""
        return "这个密码太常见，请换一个。"

    def get_help_text(self) -> str:
        """Return an empty text: the other rules describe what to avoid."""
        return ""


class HistoryValidator:
    """Refuses the user's last ``kept`` passwords, the current one included."""

    def __init__(self, kept: int) -> None:
        self.kept = kept

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ``ValidationError`` for one of the user's last passwords.

        Any password is accepted without a user or for an unsaved user.
        """
        if user is None or user.pk is None:
            return
        hashes = [*user.former_passwords.values_list("hash", flat=True)[: self.kept], _stored_hash(user)]
        if any(check_password(password, kept) for kept in dict.fromkeys(hashes) if kept):
            raise ValidationError(self.get_help_text())

    def password_changed(self, password: str, user: Any = None) -> None:
        """Store the new password's hash, and delete the hashes of passwords older than the last ``kept``.

        Django calls this after a password was set; ``user`` must be saved.
        """
        user.former_passwords.create(hash=user.password)
        kept = list(user.former_passwords.values_list("pk", flat=True)[: self.kept])
        user.former_passwords.exclude(pk__in=kept).delete()

    def get_help_text(self) -> str:
        """Return the rule as a Chinese sentence."""
        return "不能与现在的密码相同。" if self.kept == 1 else f"不能与最近{self.kept}次用过的密码相同。"


def _stored_hash(user: Any) -> str:
    # The form may have touched the instance: what counts is what the database holds.
    return get_user_model().objects.filter(pk=user.pk).values_list("password", flat=True).first() or ""


def is_too_old(user: Any) -> bool:
    """Return whether the user's password is older than ``settings.PASSWORD_MAX_DAYS`` days.

    False if that setting is 0 or the account has no usable password.
    """
    days = settings.PASSWORD_MAX_DAYS
    return bool(
        days
        and user.has_usable_password()
        and timezone.now() - (user.password_changed_at or user.date_joined) > timedelta(days=days)
    )


def measure(password: str, names: Iterable[str] = ()) -> int:
    """Return how many characters of a password remain once guessable pieces are removed.

    Chinese characters count double. The guessable pieces are described in this module's docstring. ``names``
    are further texts to remove, in lower case, as :func:`names_of` returns them.
    """
    text = password.casefold()
    known = sorted({*_WORDS, *names}, key=len, reverse=True)
    for plain in dict.fromkeys((text, text.translate(_LEET))):
        text = min((text, _reduce(plain, known)), key=_weigh)
    return _weigh(text)


def _reduce(text: str, known: list[str]) -> str:
    """Replace each guessable piece by a single character, and each repeat by its first part."""
    for piece in known:
        text = text.replace(piece, "\0")
    text = _YEAR.sub("\0", text)
    text = "".join("\0" if len(run) >= _SHORTEST_RUN else run for run in _runs(text))
    return _REPEAT.sub(lambda repeat: repeat[1], text)


def _weigh(text: str) -> int:
    return sum(1 if ord(sign) < 0x2E80 else 2 for sign in text)


def _runs(text: str) -> Iterator[str]:
    """Cut a text into its runs along the alphabet, the digits and the rows of a keyboard, in both directions."""
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and _is_run(text[start : end + 1]):
            end += 1
        yield text[start:end]
        start = end


def _is_run(text: str) -> bool:
    return any(text in row or text[::-1] in row for row in _ROWS)


def names_of(user: Any) -> set[str]:
    """Return the names connected with an account that its password must not consist of, in lower case.

    They are those of the user, the user's school, the district and its bureau: as written, in pinyin and by
    initials. Empty for None.
    """
    if user is None:
        return set()
    written = {user.get_username(), user.first_name, user.last_name, *_places(user)}
    return {
        form
        for name in written
        if name
        for form in (name.casefold(), *_in_letters(name))
        if len(form) >= _NAME_TOO_SHORT
    }


def _places(user: Any) -> Iterator[str]:
    """The names and code of the school, and the names of the district and its bureau."""
    from xuezheng.records.models import District

    if user.school_id:
        yield from (user.school.name, user.school.code)
    district = District.objects.first()
    if district:
        yield from (district.name, district.name.rstrip("区县市旗"), district.bureau_name)


@cache
def _in_letters(name: str) -> tuple[str, ...]:
    if name.isascii():
        return ()
    syllables = lazy_pinyin(name)
    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    # Family name and given name stand in either order; an initial of two letters would be found anywhere.
    turned = "".join(syllables[1:] + syllables[:1])
    forms = (
        "".join(syllables),
        turned,
        initials,
        *(sound for sound in syllables if len(sound) > _NAME_TOO_SHORT),
    )
    return tuple(form.casefold() for form in forms)
