"""Sentences that users add to the report of a period beyond its template, stored with who added and removed each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.core.periods import Period
from xuezheng.figures import FigureError, catalogue, check_dimensions
from xuezheng.records.models import User
from xuezheng.records.permissions import permits
from xuezheng.reports.compose import compose
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden
from xuezheng.reports.releases.models import AddedSentence
from xuezheng.reports.report import Report
from xuezheng.reports.templates.additions import Addition
from xuezheng.snapshots import Snapshot


def compose_whole(template: str, snapshot: Snapshot, period: Period, at: datetime | None = None) -> Report:
    """Compose the report ``template`` together with the sentences that users had added to it at the time ``at``.

    ``at`` is an aware datetime, None for now. The report has no letterhead. Raises ``registry.Unknown`` for
    an unknown template and ``ReportTemplateError`` for a template that cannot be composed.
    """
    return compose(template, snapshot, period, additions=additions(template, period, at))


def additions(template: str, period: Period, at: datetime | None = None) -> list[Addition]:
    """Return the sentences that were in the report ``template`` of a period at the time ``at``, in their order.

    ``at`` is an aware datetime, None for now.
    """
    if at is None:
        return [sentence.addition for sentence in current_sentences(template, period)]
    sentences = AddedSentence.objects.filter(template=template, period=period.key)
    return [
        sentence.addition
        for sentence in sentences.filter(Q(removed_at=None) | Q(removed_at__gt=at), made_at__lte=at)
    ]


def current_sentences(template: str, period: Period) -> QuerySet[AddedSentence]:
    """Return the query set of sentences that are added to the report ``template`` of a period now, in their order."""
    sentences = AddedSentence.objects.filter(template=template, period=period.key, removed_at=None)
    return sentences.select_related("made_by")


def add(template: str, period: Period, addition: Addition, user: User) -> AddedSentence:
    """Add a sentence to the report ``template`` of a period, and return its row.

    Raises :class:`ReleaseForbidden` where the user may not, and :class:`ReleaseError` for words that form no
    complete sentence or contain digits, or a figure that does not exist or cannot be sliced so.
    """
    if not permits(user, "enrich", "report"):
        raise ReleaseForbidden("报告由办公室和科室充实，您的账号不能做这一步。")
    before, after = (" ".join(text.split()) for text in (addition.before, addition.after))
    _check(before, after)
    _answerable(addition.figure, addition.slice, addition.by, period)
    return AddedSentence.objects.create(
        template=template,
        period=period.key,
        heading=addition.heading,
        before=before,
        figure=addition.figure,
        slice=dict(addition.slice),
        after=after,
        by=addition.by,
        made_by=user,
    )


def take_out(number: int, user: User) -> AddedSentence:
    """Remove the added sentence with the primary key ``number`` from its report, and return its row.

    Raises :class:`ReleaseForbidden` where the user may not, :class:`ReleaseError` where it was removed
    before.
    """
    if not permits(user, "enrich", "report"):
        raise ReleaseForbidden("报告由办公室和科室充实，您的账号不能做这一步。")
    current = AddedSentence.objects.filter(pk=number, removed_at=None)
    if not current.update(removed_at=timezone.now(), removed_by=user):
        raise ReleaseError("这一句已经不在报告里了。请刷新页面再看。")
    return AddedSentence.objects.get(pk=number)


def _check(before: str, after: str) -> None:
    text = before + after
    if not before or not after.endswith("。"):
        raise ReleaseError("请写成完整的一句：数字前要有文字，数字后以句号“。”结尾。")
    if max(len(before), len(after)) > AddedSentence.LONGEST:
        raise ReleaseError(f"数字前后的文字各不超过{AddedSentence.LONGEST}个字。请分成几句。")
    if not text.isprintable() or set("#|{") & set(text):
        raise ReleaseError("句子里不能有“#”“|”“{”和看不见的字符。请改用中文标点。")
    if typed := typed_number(text):
        raise ReleaseError(
            f"句子里的“{typed}”是手写的数字。报告里的数只能来自指标：请从文字中删去，另用那个指标的“插入报告”。"
        )


def _answerable(key: str, slice: Mapping[str, str], by: str, period: Period) -> None:
    try:
        figure = catalogue.figure(key)
        figure.at(Snapshot.for_period(period), period, **slice)
        check_dimensions(figure, [by] if by else [])
    except (registry.Unknown, FigureError) as fault:
        raise ReleaseError(str(fault)) from None
