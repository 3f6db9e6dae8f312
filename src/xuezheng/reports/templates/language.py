"""The template language: Jinja in a sandbox where a number can only come from a figure.

A template may use ``n("area.figure", style=None, phase="senior")`` for a number, ``zero(...)`` with the same
slice to test whether it is zero, ``entries("栏目")`` for the notes of work that the office picked, ``noted("栏目")`` to test whether there is one,
``blank("350人")`` for what has still to be filled in, whose sentence is left out until then, the loops
``members("area.figure", "phase")`` over the members of a dimension that occur (each with its name; a table with a row for
each grows and shrinks when it is refreshed), ``chart("area.figure", "phase")`` for a chart in a paragraph of its own,
``planned("area.figure")`` and ``progress()`` over the plan (see :mod:`xuezheng.reports.templates.planned`), and the words ``period``, ``next_period``, ``term``, ``last_day``, ``district``,
``county`` (区, 县, 市 or 旗), ``bureau``, ``official``, whether there is a letterhead, and ``reply_by``, its day of reply or an empty text. Each number and word is one private-use character in the
rendered text, so that any digit that remains was typed by hand, and is refused.
"""

from __future__ import annotations

import re
import traceback
from datetime import date
from typing import TYPE_CHECKING, Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateSyntaxError, UndefinedError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import SandboxedEnvironment

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.core.place_names import county_word
from xuezheng.figures import FigureError
from xuezheng.reports.templates.inserts import TOKEN, Inserts
from xuezheng.reports.templates.planned import planned, progress
from xuezheng.reports.templates.syntax import problems

if TYPE_CHECKING:
    from xuezheng.reports.word.letterhead import Letterhead


class ReportTemplateError(ValueError):
    """The template cannot be composed; the message is a Chinese sentence with the line and the reason."""


#: What a template says wrongly, for readers who do not know the language.
_CHINESE = {
    UndefinedError: "这里写的名称没有定义（{}）。",
    SecurityError: "这种写法不能用于报告模板（{}）。",
    TypeError: "括号里写的内容不对（{}）。",
}


class _Sandbox(SandboxedEnvironment):
    """A sandbox in which attributes cannot be reached, without filters, tests or globals."""

    def __init__(self) -> None:
        super().__init__(
            undefined=StrictUndefined,
            loader=DictLoader({}),
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=False,
        )
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        return False


def render(source: str, inserts: Inserts, name: str, head: Letterhead | None = None) -> str:
    """Render the source of a template to lines of text, in which each number and varying word is one character.

    The values behind these private-use characters (tokens) are added to ``inserts``. ``name`` is the
    template's name in errors, ``head`` the letterhead, None for an internal draft. Raises
    :class:`ReportTemplateError` where the template uses what is not allowed, has typed digits, or names a
    figure that does not exist.
    """
    for number, problem in problems(source):
        raise ReportTemplateError(f"报告模板“{name}”第{number}行不能使用：{problem}")
    period, snapshot = inserts.period, inserts.snapshot
    terms = "、".join(Period.parse(code).label for code in period.terms)
    try:
        text = (
            _Sandbox()
            .from_string(source)
            .render(
                n=inserts.number,
                zero=inserts.zero,
                members=inserts.members,
                chart=inserts.chart,
                entries=inserts.notes,
                noted=inserts.noted,
                blank=inserts.blank,
                official=head is not None,
                planned=lambda value: planned(inserts, value),
                progress=lambda: progress(inserts),
                period=inserts.word(period.label),
                next_period=inserts.word(period.next_half_year().label),
                term=inserts.word(terms or period.label),
                last_day=inserts.word(chinese_date(period.until(snapshot.day).end)),
                district=inserts.word(snapshot.district["name"]),
                county=county_word(snapshot.district["name"]),
                bureau=inserts.word(snapshot.district["bureau_name"]),
                reply_by=inserts.word(chinese_date(head.reply_by)) if head and head.reply_by else "",
            )
        )
    except (TemplateError, registry.Unknown, ValueError, TypeError, FigureError) as error:
        reason = _CHINESE.get(type(error), "{}").format(error)
        raise ReportTemplateError(f"报告模板“{name}”第{_line(error)}行不能使用：{reason}") from error
    for line in text.splitlines():
        if not line.startswith("#") and (digit := re.search(r"\d+", line)):
            shown = TOKEN.sub("…", line).strip()
            raise ReportTemplateError(
                f"报告模板“{name}”正文中有手写的数字“{digit.group()}”（{shown}）：请改用n(…)引用指标"
            )
    return text


def chinese_date(day: date) -> str:
    """Return a day as official documents write it, without leading zeros: 2019年7月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _line(error: Exception) -> int:
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == "<template>"), 0)
