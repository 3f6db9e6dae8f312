"""Targets of the plan that are late or at risk, for the users responsible for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue, is_reported
from xuezheng.plans.progress import ItemProgress, State, TargetProgress
from xuezheng.records.models import User
from xuezheng.records.permissions import Scope, permits
from xuezheng.records.switches import unused
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import newest_snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.ui import period_choice


class Alert(NamedTuple):
    """A target of the plan that is late or at risk, with the plan item to which it belongs.

    ``address`` is the page of the figure that measures the target, "" where the figure has no answer.
    """

    item: ItemProgress
    target: TargetProgress
    address: str

    @property
    def is_late(self) -> bool:
        """Whether the target's state is late: its due day is past and it was not reached."""
        return self.target.state is State.LATE

    @property
    def why(self) -> str:
        """The reason for the alert, as a Chinese phrase."""
        return f"期限{self.target.due_on:%Y-%m-%d}已过，尚未达到" if self.is_late else self.target.risk


def alerts(user: User, snapshot: Snapshot) -> list[Alert]:
    """Return the alerts for ``user`` about the half-year reported on at the day of ``snapshot``.

    That half-year is the one of :func:`xuezheng.web.ui.period_choice.half_year`. A section gets the alerts
    about its own plan items, the users who oversee the plan get all, and users without the permission, such
    as a school's clerk, get none. Targets in areas that the bureau has switched off are left out.
    """
    scope = permits(user, "see_alerts", "plan")
    if not scope:
        return []
    period = Period.parse(period_choice.half_year(snapshot.day))
    own = user.section if Scope.SECTION in scope else ""
    candidates = _alerts(newest_snapshot.plan(Snapshot.for_period(period), period))
    return [alert for alert in candidates if own in ("", alert.item.area)]


def of_figure(user: User, snapshot: Snapshot, key: str) -> list[Alert]:
    """Return those of the user's alerts whose target is measured by the figure ``key``."""
    visible = alerts(user, snapshot)
    return [alert for alert in visible if alert.target.answer and alert.target.answer.figure == key]


def _alerts(items: list[ItemProgress]) -> Iterator[Alert]:
    switched_off = unused()
    for item in items:
        for target in item.targets if item.area not in switched_off else ():
            answer = target.answer
            if answer and not is_reported(catalogue.figure(answer.figure), switched_off):
                continue
            if target.state is State.LATE or target.risk:
                link = figure_address(answer.figure, answer.period.key, answer.slice) if answer else ""
                yield Alert(item, target, link)
