"""What others did since a user last logged in: imports, a new snapshot, versions and releases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from xuezheng.records.models import Batch, User
from xuezheng.reports.releases.models import Release, Version
from xuezheng.snapshots import Snapshot

_MOST = 8


class News(NamedTuple):
    """An event: its time, a Chinese sentence, and the URL of its page."""

    at: datetime
    text: str
    address: str


def news(user: User, snapshot: Snapshot, since: datetime) -> list[News]:
    """Return the events after ``since`` that ``user`` may see, newest first, at most eight.

    These are imports, versions and releases of reports by other users, and the newest snapshot.
    """
    happened = [*_imports(user, since), *_snapshot(snapshot, since), *_releases(user, since)]
    return sorted(happened, key=lambda item: item.at, reverse=True)[:_MOST]


def _imports(user: User, since: datetime) -> Iterator[News]:
    batches = Batch.objects.visible_to(user).filter(made_at__gt=since).exclude(made_by=user)
    for batch in batches.select_related("made_by")[:_MOST]:
        who, what = batch.made_by or "命令行", "改了" if batch.reason else "导入了"
        yield News(batch.made_at, f"{who}{what}“{batch.file_name}”", reverse("web:batch", args=[batch.pk]))


def _snapshot(snapshot: Snapshot, since: datetime) -> Iterator[News]:
    if snapshot.frozen_at is not None and snapshot.frozen_at > since:
        text = f"生成了新快照，数据截至{snapshot.day:%Y-%m-%d}"
        yield News(snapshot.frozen_at, text, reverse("web:figures"))


def _releases(user: User, since: datetime) -> Iterator[News]:
    visible = Release.objects.visible_to(user)
    versions = Version.objects.filter(release__in=visible, made_at__gt=since).exclude(made_by=user)
    for version in versions.select_related("release", "made_by")[:_MOST]:
        text = f"{version.made_by}做了{version.release.reported_period}报告的{version}"
        yield News(version.made_at, text, reverse("web:release", args=[version.release_id]))
    for release in visible.filter(issued_at__gt=since).exclude(issued_by=user):
        if release.issued_at is not None:
            text = f"{release.issued_by}印发了{release.reported_period}报告"
            yield News(release.issued_at, text, reverse("web:release", args=[release.pk]))
