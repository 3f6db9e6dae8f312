"""The letterhead of an official document (document number, addressee, copies and more), read from a YAML file."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

from xuezheng.reports.word import layout

_LONGEST = 64 * 1024  # bytes of a file; a head has a score of lines
_SECRECY = r"(?:绝密|机密|秘密)(?:★(?:[1-9][0-9]?(?:年|个月|天)|长期))?"
_NUMBER = r"[一-鿿]{2,12}〔[0-9]{4}〕(?:[1-9][0-9]*|[ 　]+)号"
_UNNUMBERED = r"[ 　]*〔[0-9]{4}〕[ 　]*号"
_EXAMPLE = "文种: 通知"


class LetterheadError(ValueError):
    """The file cannot be used as a letterhead.

    The message is a Chinese sentence with the place and the remedy.
    """


class Kind(Enum):
    """The kinds of documents: reports and notices have a red letterhead, letters the format of a letter."""

    REPORT = "报告"
    NOTICE = "通知"
    LETTER = "函"


@dataclass(frozen=True)
class Letterhead:
    """The elements that GB/T 9704-2012 puts around the text of an official document.

    All but ``kind`` are optional. ``issuer`` is the name in red without 文件, by default that of the bureau.
    ``number`` is the document number (发文字号); without one its place stays blank. A document with a ``signer``
    (签发人) is addressed to a superior office. ``to`` are the addressees, ``copies`` the recipients of copies,
    ``serial`` the number of the copy (份号). ``day`` is the day of signing, by default that of the figures;
    ``reply_by`` the day by which the addressees are to answer. ``note`` is the remark in brackets (附注) below
    the date. ``sealed`` leaves room for the seal; ``printed_by`` is the bureau by default.
    """

    kind: Kind
    issuer: str = ""
    number: str = ""
    signer: str = ""
    to: str = ""
    copies: str = ""
    serial: str = ""
    secrecy: str = ""
    urgency: str = ""
    day: date | None = None
    reply_by: date | None = None
    attachments: tuple[str, ...] = ()
    note: str = ""
    sealed: bool = True
    printed_by: str = ""
    printed_on: date | None = None

    def numbered(self, day: date) -> str:
        """Return the document number; without one, blanks to be filled in around the year of ``day``."""
        return self.number or f"　　〔{day.year}〕　　号"


def read(path: Path) -> Letterhead:
    """Return the letterhead in a YAML file with Chinese keys, such as ``文种: 通知``.

    Raises :class:`LetterheadError` where the file cannot be read, is too large, or has an unknown key or an
    invalid value.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LetterheadError(f"打不开文头文件“{path.name}”：{error.strerror}。") from error
    if len(content) > _LONGEST:
        raise LetterheadError(f"文头文件“{path.name}”过大，不像文头。请只写文种、发文字号等要素。")
    try:
        written = yaml.safe_load(content.decode("utf-8-sig"))
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第{mark.line + 1}行" if mark else ""
        raise LetterheadError(
            f"文头文件“{path.name}”{place}无法识别。请用UTF-8编码，每行写“名称: 内容”，如“{_EXAMPLE}”。"
        ) from error
    try:
        return _head(written)
    except LetterheadError as fault:
        raise LetterheadError(f"文头文件“{path.name}”：{fault}") from None


def without_own_digits(style: str, text: str) -> str:
    """Return the text of a paragraph without the digits that belong to the letterhead, such as those of the document number.

    ``style`` is the name of the paragraph's style. Digits are removed only where the text has exactly the
    form that the style stands for.
    """
    if style in _FULL_PATTERNS:
        return "" if re.fullmatch(_FULL_PATTERNS[style], text) else text
    if style in _PARTS:
        return re.sub(_PARTS[style], "", text)
    return text


#: What the paragraphs of a head may consist of, by style.
_FULL_PATTERNS = {
    layout.SERIAL: "[0-9]{6}",
    layout.CORNER: _SECRECY,
    layout.NUMBER: rf"(?:[0-9]{{6}}|{_SECRECY}|特急|加急)?(?:{_NUMBER}|{_UNNUMBERED})(?:签发人：[^0-9]*)?",
    layout.APPENDIX: "附件[1-9][0-9]?",
}
#: What may stand in paragraphs of a head beside other text, by style.
_PARTS = {
    layout.ATTACHED: r"^(?:附件：)?[1-9][0-9]?\.",
    layout.NOTE: "电话[:：]?[0-9-]{7,13}",
}


def _head(written: Any) -> Letterhead:
    if not isinstance(written, dict):
        raise LetterheadError(f"应逐行写“名称: 内容”，如“{_EXAMPLE}”。")
    values: dict[str, Any] = {}
    for name, value in written.items():
        if name not in _ENTRIES:
            near = difflib.get_close_matches(str(name)[:20], _ENTRIES, n=3, cutoff=0.4) or list(_ENTRIES)
            raise LetterheadError(f"没有“{str(name)[:20]}”这一项。可以写：{'、'.join(near)}。")
        if value is not None:
            attribute, take = _ENTRIES[name]
            values[attribute] = take(name, value)
    if "kind" not in values:
        raise LetterheadError(f"缺少文种。请写一行“{_EXAMPLE}”（或报告、函）。")
    return Letterhead(**values)


def _kind(name: str, value: Any) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        kinds = "、".join(kind.value for kind in Kind)
        raise LetterheadError(f"{name}应为{kinds}之一，如“{_EXAMPLE}”。") from None


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip() or not value.strip().isprintable():
        raise LetterheadError(f"{name}应为一行文字；由数字组成的，请加引号，如“份号: '000001'”。")
    return value.strip()


def _matching(pattern: str, example: str) -> Callable[[str, Any], str]:
    def take(name: str, value: Any) -> str:
        text = _text(name, value)
        if not re.fullmatch(pattern, text):
            raise LetterheadError(f"{name}“{text[:30]}”写法不对，应如“{name}: {example}”。")
        return text

    return take


def _texts(name: str, value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(_text(name, item) for item in values)


def _day(name: str, value: Any) -> date:
    if type(value) is not date:
        raise LetterheadError(f"{name}应为日期，如“{name}: 2019-07-05”。")
    return value


def _yes_or_no(name: str, value: Any) -> bool:
    answers = {"是": True, "否": False, True: True, False: False}
    if not isinstance(value, str | bool) or value not in answers:
        raise LetterheadError(f"{name}应为是或否，如“{name}: 否”。")
    return answers[value]


_ENTRIES: dict[str, tuple[str, Callable[[str, Any], Any]]] = {
    "文种": ("kind", _kind),
    "发文机关": ("issuer", _text),
    "发文字号": ("number", _matching(_NUMBER, "云教〔2019〕5号")),
    "签发人": ("signer", _matching("[^0-9]{2,12}", "张三")),
    "主送": ("to", _text),
    "抄送": ("copies", _text),
    "份号": ("serial", _matching("[0-9]{6}", "'000001'")),
    "密级": ("secrecy", _matching(_SECRECY, "秘密★1年")),
    "紧急程度": ("urgency", _matching("特急|加急", "加急")),
    "成文日期": ("day", _day),
    "办理期限": ("reply_by", _day),
    "附件": ("attachments", _texts),
    "附注": ("note", _text),
    "用印": ("sealed", _yes_or_no),
    "印发机关": ("printed_by", _text),
    "印发日期": ("printed_on", _day),
}
