"""The parts of a user's home page (the desk): key figures, deadlines, and imports after the newest snapshot."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from django.urls import reverse
from django.utils import timezone

from xuezheng import __version__
from xuezheng.core.data_folder import home as data_folder
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.batches import prepare
from xuezheng.figures.trends import trend
from xuezheng.jobs.models import Job
from xuezheng.plans.progress import State
from xuezheng.records.models import Batch, User
from xuezheng.records.permissions import Scope, permits
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import newest_snapshot
from xuezheng.web.answers.tiles import Tile, tile
from xuezheng.web.ui.area_pages import Highlight, in_use, pages_in_use
from xuezheng.web.ui.todos import Todo

#: The largest number of key figures on a home page, and the number of periods in the line of each.
MOST, _POINTS = 6, 4
#: The number of days ahead for which deadlines are shown.
_DAYS_AHEAD = 30
_WIDTH, _HEIGHT = 100, 24


class Number(NamedTuple):
    """A key figure on the home page: its card, and a small line through its values in the last periods.

    ``line`` is the ``points`` attribute of an SVG polyline in a box of 100 by 24, "" where fewer than two
    periods have a value.
    """

    tile: Tile
    line: str


class Deadline(NamedTuple):
    """A due date on the home page: the day, a Chinese title, and the URL of the page to open."""

    day: date
    title: str
    address: str

    @property
    def is_late(self) -> bool:
        """Whether the deadline is before today; False on the day itself."""
        return self.day < timezone.localdate()


class Uncounted(NamedTuple):
    """The imports that are in no snapshot yet, as the home page shows them.

    ``batches`` is their number, ``may_freeze`` whether the user may create a snapshot.
    """

    batches: int
    may_freeze: bool


class SystemState(NamedTuple):
    """One line of the state of the installation: a Chinese title and text, and the URL of the page with more.

    ``address`` is "" without such a page. ``is_wrong`` is True if an administrator has to do something.
    """

    title: str
    text: str
    address: str
    is_wrong: bool = False


def numbers(user: User, period: Period) -> list[Number]:
    """Return the key figures of the user's work in the half-year ``period``, at most six.

    They are those of the user's school; without one, of the area of the user's section; without one, of the
    district. Raises ``SnapshotError`` if there is no snapshot for the period, or it is damaged.
    """
    shown = _shown_to(user)[:MOST]
    periods = [period]
    while len(periods) < _POINTS:
        periods.insert(0, periods[0].previous())
    prepare(
        Snapshot.for_period(period),
        period,
        ((catalogue.figure(item.figure), tuple(item.slice)) for item in shown),
    )
    return [Number(tile(item.figure, period, item.slice), _line(item, periods)) for item in shown]


def _shown_to(user: User) -> list[Highlight]:
    """The figures of a clerk's school, of a section's own area, or of the district for those who look after all."""
    if user.school_id is not None:
        return _declared("OF_SCHOOL", {"school": str(user.school_id)})
    own_area = in_use(getattr(pages_in_use().get(user.section), "HOME", ()))
    highlights = [item for item in own_area if isinstance(item, Highlight)]
    return highlights or _declared("OF_DISTRICT", {})


def _declared(name: str, slice: Mapping[str, str]) -> list[Highlight]:
    """The figures in use that the areas declare under a name."""
    keys = [key for module in pages_in_use().values() for key in getattr(module, name, ())]
    return [item for item in in_use([Highlight(key, slice) for key in keys]) if isinstance(item, Highlight)]


def _line(item: Highlight, periods: Sequence[Period]) -> str:
    """The points of a line through the values of the periods, in a box of 100 by 24; "" for fewer than two values."""
    points = trend(catalogue.figure(item.figure), periods, item.slice)
    values = [
        (place, float(value))
        for place, point in enumerate(points)
        if point.answer and (value := point.answer.number()) is not None
    ]
    if len(values) < 2:
        return ""
    low, high = min(value for _, value in values), max(value for _, value in values)
    step, span = _WIDTH / (len(periods) - 1), (high - low) or 1
    return " ".join(
        f"{place * step:.0f},{_HEIGHT - 2 - (value - low) / span * (_HEIGHT - 4):.0f}"
        for place, value in values
    )


def deadlines(user: User, period: Period, todos: Sequence[Todo]) -> list[Deadline]:
    """Return what is due until 30 days from today, overdue days included, sorted by day.

    The deadlines are those of ``todos``, the user's to-dos, that have a due day, and those of the unfinished
    plan items of ``period``: of the user's section, or all for the users who oversee the plan.
    """
    until = timezone.localdate() + timedelta(days=_DAYS_AHEAD)
    due = [Deadline(todo.due_on, todo.title, todo.address) for todo in todos if todo.due_on]
    due += _of_plan(user, period)
    return sorted((each for each in due if each.day <= until), key=lambda each: (each.day, each.title))


def _of_plan(user: User, period: Period) -> Iterator[Deadline]:
    """Yield the days of the plan's items that are not finished: of the reader's section, or of all for those who oversee the plan."""
    scope = permits(user, "see_alerts", "plan")
    if not scope:
        return
    for item in newest_snapshot.plan(Snapshot.for_period(period), period):
        if (Scope.SECTION not in scope or item.area == user.section) and item.state is not State.DONE:
            yield Deadline(item.due_on, f"计划第{item.number}项：{item.title}", reverse("web:plan"))


def uncounted(user: User, snapshot: Snapshot) -> Uncounted | None:
    """Return the number of imports after ``snapshot`` that ``user`` may see and that were not undone.

    None if there are none, or the time of the snapshot is unknown.
    """
    if snapshot.frozen_at is None:
        return None
    batches = Batch.objects.visible_to(user).filter(made_at__gt=snapshot.frozen_at, undone_at=None).count()
    return Uncounted(batches, bool(permits(user, "freeze", "snapshot"))) if batches else None


def system_state(backup: str, backup_is_wrong: bool) -> list[SystemState]:
    """Return the state of the installation for an administrator: accounts, backup, jobs, disk and version.

    ``backup`` is the Chinese sentence about the latest backup, ``backup_is_wrong`` whether it is overdue or
    has failed. Failed jobs are marked as wrong, and so is a disk with less than a tenth of its space free.
    """
    disk = shutil.disk_usage(data_folder())
    failed = Job.objects.filter(state=Job.State.FAILED, may_retry=True).count()
    return [
        SystemState("账号", f"{User.objects.filter(is_active=True).count()}个在用", reverse("web:accounts")),
        SystemState("备份", backup, "", backup_is_wrong),
        SystemState(
            "后台任务", f"{failed}项没有完成" if failed else "没有未完成的", reverse("web:jobs"), failed > 0
        ),
        SystemState(
            "磁盘",
            f"还剩{disk.free / 2**30:.1f}GB，共{disk.total / 2**30:.0f}GB",
            "",
            disk.free * 10 < disk.total,
        ),
        SystemState("版本", __version__, ""),
    ]
