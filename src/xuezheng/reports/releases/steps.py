"""The steps of a release: a new version, a section's review, an explanation, the issue.

Each is taken by a conditional update of the release that names its newest version, so it is taken of what its taker saw,
and never of what has been issued.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime

from xuezheng import registry
from xuezheng.records.models import ChainLink, User
from xuezheng.records.periods import Period, PeriodFault
from xuezheng.reports import document, marks
from xuezheng.reports.document import Sources
from xuezheng.reports.releases import ReleaseFault, ReleaseForbidden
from xuezheng.reports.releases.additions import compose_whole
from xuezheng.reports.releases.checklist import Entry, checklist, examine
from xuezheng.reports.releases.files import keep
from xuezheng.reports.releases.models import Explanation, Release, Review, Version
from xuezheng.reports.releases.parts import parts
from xuezheng.reports.template import titles
from xuezheng.snapshots import Snapshot

_SHORTEST, _LONGEST = 2, 300  # characters of an explanation


def may_keep(user: User) -> bool:
    """Whether a user makes versions and issues: the office."""
    return user.sees_all


def own_section(user: User) -> str:
    """The section (股室) to which a user belongs; "" for the office and others, who belong to none or to all."""
    area = registry.areas().get(user.section)
    return area.section if area and user.role == User.Role.SECTION else ""


def may_review(user: User, section: str) -> bool:
    """Whether a user reviews for a section: who belongs to it, and the office."""
    return user.sees_all or (section != "" and own_section(user) == section)


def may_explain(user: User) -> bool:
    """Whether a user explains what is on the checklist: the office and the sections."""
    return user.sees_all or user.role == User.Role.SECTION


def draft(template: str, snapshot: Snapshot, period: Period, user: User) -> Version:
    """Compose the first version of a new release; raises :class:`ReleaseFault` where one is under way."""
    return compose_version(Release(template=template, period=period.key), snapshot, user, 0)


def compose_version(release: Release, snapshot: Snapshot, user: User, after: int) -> Version:
    """Compose the version that follows the version of a number.

    Its file shows no sources, fit for issue; it carries them like any report of ours.
    """
    _ask(may_keep(user), "报告的各版由办公室生成和上传。")
    composed = compose_whole(release.template, snapshot, Period.parse(release.period))
    content = io.BytesIO()
    document.build(composed, Sources.NONE).save(content)
    told = {"title": composed.title, "snapshot_id": snapshot.id, "made_by": user}
    return _add(release, after, content.getvalue(), examine(content.getvalue(), composed, snapshot), told)


def take_in(release: Release, content: bytes, name: str, user: User, after: int) -> Version:
    """Take an edited report as the version that follows the version of a number.

    It must be a report of ours, of the release's template and period, made from a snapshot that is there; what else is
    found in it goes on the checklist. Raises :class:`ReleaseFault`, ``NotAReportError``, ``SnapshotFault``.
    """
    _ask(may_keep(user), "报告的各版由办公室生成和上传。")
    carried = marks.read(io.BytesIO(content))
    if (carried.template, carried.period) != (release.template, release.period):
        names = titles()
        raise ReleaseFault(
            f"这份文件是{_label(carried.period)}的“{names.get(carried.template, '收编的报告')}”，"
            f"不是{release.told_period}的“{names.get(release.template, release.template)}”。"
            "请上传从本次签发下载、修改过的文件。"
        )
    snapshot = Snapshot.open(carried.snapshot_id)
    composed = compose_whole(release.template, snapshot, Period.parse(release.period))
    told = {"title": composed.title, "upload": name, "snapshot_id": snapshot.id, "made_by": user}
    return _add(release, after, content, examine(content, composed, snapshot), told)


def review(version: Version, section: str, user: User) -> None:
    """Note that a section has reviewed its part of the newest version; raises :class:`ReleaseFault`."""
    if section not in version.parts:
        raise ReleaseFault(f"第{version.number}版中没有“{section}”的数字，不用会签。")
    _ask(may_review(user, section), f"“{section}”的部分由该科室或办公室会签。")
    with transaction.atomic():
        _hold(version)
        Review.objects.get_or_create(version=version, section=section, defaults={"made_by": user})


def explain(version: Version, items: Iterable[str], text: str, user: User) -> None:
    """Explain things on the checklist of the newest version, by their keys; raises :class:`ReleaseFault`."""
    _ask(may_explain(user), "清单由办公室和科室说明。")
    known = {entry.item.key for entry in checklist(version) if entry.item.blocks}
    keys = [key for key in dict.fromkeys(items) if key in known]
    if not keys:
        raise ReleaseFault("没有选中要说明的项。请在清单上勾选后再写说明。")
    text = " ".join(text.split())
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise ReleaseFault(
            f"说明应有{_SHORTEST}到{_LONGEST}个字。请写明为什么可以这样印发，如：本期没有举办这项赛事。"
        )
    with transaction.atomic():
        _hold(version)
        Explanation.objects.bulk_create(
            Explanation(release=version.release, item=key, text=text, made_by=user) for key in keys
        )


def obstacles(version: Version, entries: list[Entry]) -> list[str]:
    """Return in Chinese sentences what stands in the way of issuing a version, its checklist being ``entries``."""
    told = []
    if waiting := [section for section, made in version.release.reviews(version).items() if made is None]:
        told.append(f"还没有会签的科室：{'、'.join(waiting)}。")
    if open_ := sum(entry.open for entry in entries):
        told.append(f"清单上还有{open_}项没有说明。")
    return told


def issue(version: Version, user: User) -> None:
    """Issue the newest version: from then on file and snapshot are frozen. Raises :class:`ReleaseFault`."""
    _ask(may_keep(user), "报告由办公室印发。")
    if told := obstacles(version, checklist(version)):
        raise ReleaseFault("还不能印发。" + "".join(told))
    version.content()
    Snapshot.open(version.snapshot_id)
    with transaction.atomic():
        _update(version.release, version.number, issued_at=timezone.now(), issued_by=user)
        ChainLink.objects.append("issue", [version.release_id])


def _add(release: Release, after: int, content: bytes, found: list[Any], told: dict[str, Any]) -> Version:
    """Keep a file as the version that follows ``after``, the first one in a release of its own."""
    told["parts"] = parts(marks.opened(io.BytesIO(content)))
    with transaction.atomic():
        if release.pk is None:
            open_one = {"template": release.template, "period": release.period, "issued_at": None}
            release, new = Release.objects.get_or_create(**open_one)
            if not new:
                raise ReleaseFault(f"{release.told_period}的报告已在起草，请在那里加新的版本。")
        _update(release, after, latest=after + 1)
        return Version.objects.create(
            release=release, number=after + 1, sha256=keep(content), found=found, **told
        )


def _hold(version: Version) -> None:
    """Keep the release as it is for the rest of the transaction; raises where the version is not the newest."""
    _update(version.release, version.number, latest=version.number)


def _update(release: Release, number: int, **after: Any) -> None:
    """Change a release whose newest version has a number and which is not issued; one of two at once fails."""
    if Release.objects.filter(pk=release.pk, latest=number, issued_at=None).update(**after):
        return
    now = Release.objects.select_related("issued_by").get(pk=release.pk)
    if now.issued_at:
        raise ReleaseFault(
            f"{now.told_period}的报告已由{now.issued_by}于{localtime(now.issued_at):%Y-%m-%d %H:%M}印发，不能再改。"
        )
    raise ReleaseFault(
        f"{now.told_period}的报告现在是第{now.latest}版，与您看到的不同，没有任何改动。请打开它看过以后再试。"
    )


def _ask(allowed: bool, sentence: str) -> None:
    if not allowed:
        raise ReleaseForbidden(f"{sentence}您的账号不能做这一步。")


def _label(period: str) -> str:
    try:
        return Period.parse(period).label
    except PeriodFault:
        return f"“{period}”"
