"""What the pages of aid read from a form: numbers and days, and steps that may be refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.contrib import messages

from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.web.security.requests import UserRequest


def number(text: str | None) -> int:
    """Read the number of a record; 0 for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def day_of(text: str | None) -> date:
    """Read a day; raises :class:`StepRefused`."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise StepRefused("日期看不懂。请写作2019-10-14这样的日期。") from None


@contextmanager
def report_refusals(request: UserRequest) -> Iterator[None]:
    """Show a refusal on the next page; what follows the step is left out then."""
    try:
        yield
    except StepRefused as refusal:
        messages.warning(request, str(refusal))
