"""What waits for a user (待办): provided by each part of the system and each area, shown on the home page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from xuezheng import registry
from xuezheng.jobs.models import Job
from xuezheng.linkage.models import Link, ListRow, categories_of
from xuezheng.records.models import Collection, Standing, User
from xuezheng.records.permissions import Scope, may, permits
from xuezheng.reports.releases import steps
from xuezheng.reports.releases.models import Release
from xuezheng.web.admin.account_requests import waiting_for
from xuezheng.web.intake import collections


class Todo(NamedTuple):
    """One thing that waits: what is to be done, how much of it, where, and until when where there is a day."""

    title: str
    amount: str
    address: str
    due_on: date | None = None

    @property
    def is_late(self) -> bool:
        """Whether its day is past."""
        return self.due_on is not None and self.due_on < timezone.localdate()


TodoSource = Callable[[User], Iterator[Todo]]


def todos(user: User) -> list[Todo]:
    """Return what waits for a user, the most urgent first.

    The areas declare theirs in ``TODOS`` in their ``pages.py``: functions from a user to what waits for that user.
    """
    areas = (getattr(pages, "TODOS", ()) for pages in registry.modules("pages").values())
    sources: Iterator[TodoSource] = chain(_OF_ALL, chain.from_iterable(areas))
    waiting = chain.from_iterable(source(user) for source in sources)
    return sorted(waiting, key=lambda todo: todo.due_on or date.max)


def _open_submissions(user: User) -> Iterator[Todo]:
    """What the clerk's school has to submit and has not submitted."""
    if Scope.SCHOOL not in permits(user, "answer", "collection"):
        return
    for line in collections.list_open_submissions(user):
        submission = line["submission"]
        if submission.standing is not Standing.DONE:
            address = reverse("web:submission", args=[submission.pk])
            yield Todo(
                f"填报：{submission.collection}",
                submission.standing.value,
                address,
                submission.collection.due_on,
            )


def _late_collections(user: User) -> Iterator[Todo]:
    """Collections of the user's section whose day is past while schools have not reported; all reported: to be closed."""
    if not collections.may_collect(user):
        return
    for line in collections.under_way(user):
        collection: Collection = line["collection"]
        if not may(user, "close", "collection", section=collection.section):
            continue
        missing = line["schools"] - line["done"]
        address = reverse("web:collection", args=[collection.pk])
        if not missing:
            yield Todo(f"结束填报任务：{collection}", "已全部上报", address)
        elif line["late"]:
            yield Todo(f"催报：{collection}", f"{missing}所学校未上报", address, collection.due_on)


def _open_links(user: User) -> Iterator[Todo]:
    """Rows of outside lists over which a person has to decide."""
    if not categories_of(user):
        return
    rows = ListRow.objects.visible_to(user).latest().filter(link__state=Link.State.OPEN).count()
    if rows:
        yield Todo(
            "名单比对待核", f"{rows}人", f"{reverse('web:linkage')}?{urlencode({'state': Link.State.OPEN})}"
        )


def _open_releases(user: User) -> Iterator[Todo]:
    """Reports that wait for the section's review; reviewed by all, for a leader's signature; signed, for the office."""
    own = steps.own_section(user)
    signs, issues = permits(user, "sign", "release"), permits(user, "issue", "release")
    if not (own or signs or issues):
        return
    for release in Release.objects.visible_to(user).filter(issued_at=None).with_reviews():
        reviews = release.reviews(release.current)
        address = reverse("web:release", args=[release.pk])
        if own in reviews and reviews[own] is None:
            yield Todo(f"会签：{release.reported_period}报告", f"第{release.latest}版", address)
        elif issues and release.is_signed:
            yield Todo(f"印发：{release.reported_period}报告", "领导已签发", address)
        elif steps.may_sign(user, release.current) and all(reviews.values()) and not release.is_signed:
            yield Todo(f"签发：{release.reported_period}报告", "各科室已会签", address)


def _failed_jobs(user: User) -> Iterator[Todo]:
    """Jobs of the user's own that ended in failure and may be tried again."""
    for job in Job.objects.filter(asked_by=user, state=Job.State.FAILED, may_retry=True):
        yield Todo(f"重试：{job.title}", "未完成", reverse("web:job", args=[job.pk]))


def _open_account_requests(user: User) -> Iterator[Todo]:
    """What is requested of accounts and the user may confirm."""
    for waiting in waiting_for(user):
        title = f"确认：{waiting.get_kind_display()}（{waiting.account}）"
        due_on = timezone.localdate(waiting.expires_at)
        yield Todo(title, f"{waiting.requested_by}申请", reverse("web:account_requests"), due_on)


_OF_ALL: tuple[TodoSource, ...] = (
    _open_account_requests,
    _open_submissions,
    _late_collections,
    _open_links,
    _open_releases,
    _failed_jobs,
)
