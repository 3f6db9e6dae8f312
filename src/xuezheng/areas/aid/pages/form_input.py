"""The reading of the aid pages' forms: days, and messages for refused steps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.contrib import messages

from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.web.security.requests import UserRequest


def day_of(text: str | None) -> date:
    """Return the day in a form's text (as ``2019-10-14``).

    Raise :class:`StepRefused` for any other text or None.
    """
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        raise StepRefused("日期无法识别。请写作2019-10-14这样的日期。") from None


@contextmanager
def report_refusals(request: UserRequest) -> Iterator[None]:
    """Context manager that turns a :class:`StepRefused` raised in the block into a warning on the next page.

    The rest of the block is skipped, and the view goes on after it.
    """
    try:
        yield
    except StepRefused as refusal:
        messages.warning(request, str(refusal))
