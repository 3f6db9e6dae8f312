"""The to-dos of a user (待办), shown on the home page.

Packages and areas each declare functions that yield some.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple
from urllib.parse import urlencode

from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from xuezheng.jobs.models import Job
from xuezheng.linkage.models import Link, ListRow, categories_of
from xuezheng.records.models import Collection, Standing, User
from xuezheng.records.permissions import Scope, may, permits
from xuezheng.reports.releases import steps
from xuezheng.reports.releases.models import Release
from xuezheng.web.admin.account_requests import waiting_for
from xuezheng.web.intake import collections
from xuezheng.web.ui.area_pages import pages_in_use


class Todo(NamedTuple):
    """One to-do of a user.

    ``title`` is Chinese, ``amount`` how much there is to do as text, as “3人”, and ``address`` the page on
    which it is done. ``due_on`` is None without a due day.
    """

    title: str
    amount: str
    address: str
    due_on: date | None = None

    @property
    def is_late(self) -> bool:
        """Whether the due day is before today."""
        return self.due_on is not None and self.due_on < timezone.localdate()


_SECONDS = 30
TodoSource = Callable[[User], Iterator[Todo]]


def todos(user: User) -> list[Todo]:
    """Return the to-dos of ``user``, by due day; those without a due day come last.

    An area declares functions from a user to an iterator of :class:`Todo` as ``TODOS`` in its ``pages.py``.
    """
    areas = (getattr(pages, "TODOS", ()) for pages in pages_in_use().values())
    sources: Iterator[TodoSource] = chain(_OF_ALL, chain.from_iterable(areas))
    waiting = chain.from_iterable(source(user) for source in sources)
    return sorted(waiting, key=lambda todo: todo.due_on or date.max)


def waiting(user: User) -> int:
    """Return the number of to-dos of ``user``; it is cached for half a minute, since every page shows it."""
    return int(cache.get_or_set(f"waiting-{user.pk}", lambda: len(todos(user)), _SECONDS) or 0)


def _open_submissions(user: User) -> Iterator[Todo]:
    """Yield a to-do for each submission that the clerk's school has not completed."""
    if Scope.SCHOOL not in permits(user, "answer", "collection"):
        return
    for line in collections.list_open_submissions(user):
        submission = line["submission"]
        if submission.standing is not Standing.DONE:
            address = reverse("web:submission", args=[submission.pk])
            collection, state = submission.collection, submission.standing.value
            if day := collection.reminded_on:
                state = f"{state}，{day.month}月{day.day}日催报"
            yield Todo(f"填报：{collection}", state, address, collection.due_on)


def _late_collections(user: User) -> Iterator[Todo]:
    """Yield a to-do for each open collection of the user's section that is overdue for some schools, or complete and to be closed."""
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
    """Yield a to-do with the number of rows of outside lists that need a decision by hand; none without such rows."""
    if not categories_of(user):
        return
    rows = ListRow.objects.visible_to(user).latest().filter(link__state=Link.State.OPEN).count()
    if rows:
        yield Todo(
            "名单比对待核", f"{rows}人", f"{reverse('web:linkage')}?{urlencode({'state': Link.State.OPEN})}"
        )


def _open_releases(user: User) -> Iterator[Todo]:
    """Yield a to-do for each report that waits for the section's review, for a leader's signature after all reviews, or for issue by the office."""
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
    """Yield a to-do for each failed job of the user that may be tried again."""
    for job in Job.objects.filter(asked_by=user, state=Job.State.FAILED, may_retry=True):
        yield Todo(f"重试：{job.title}", "未完成", reverse("web:job", args=[job.pk]))


def _open_account_requests(user: User) -> Iterator[Todo]:
    """Yield a to-do for each account request that the user may decide."""
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
