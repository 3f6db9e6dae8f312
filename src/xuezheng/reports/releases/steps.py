"""The steps of a release: a new version, a section's review, an explanation, a leader's signature, and the issue.

Nobody takes a report from draft to issue alone: sections review their own parts, a leader signs, the office
issues. Each step is a conditional update of the release that names its newest version, so that it applies
only to the version that the user saw, and never to an issued release.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.proofing import word_file
from xuezheng.records.models import ChainLink, User
from xuezheng.records.permissions import may, permits, permitted_accounts
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden
from xuezheng.reports.releases.additions import compose_whole
from xuezheng.reports.releases.checklist import Entry, checklist, examine
from xuezheng.reports.releases.files import keep
from xuezheng.reports.releases.models import Explanation, Release, Review, Version
from xuezheng.reports.releases.parts import parts
from xuezheng.reports.templates.catalogue import titles
from xuezheng.reports.word import document, marks
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot

_SHORTEST, _LONGEST = 2, 300  # characters of an explanation
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,15}〔20\d{2}〕[1-9]\d{0,4}号")


def own_section(user: User) -> str:
    """Return the section (股室) for which ``user`` may review.

    "" for the office and others who belong to no section.
    """
    area = registry.areas().get(user.section)
    return area.section if area and permits(user, "review", "release") else ""


def sections_with_accounts() -> set[str]:
    """Return the names of the sections (股室) with a usable account that may review.

    For these the office cannot review in their stead.
    """
    users = User.objects.filter(permitted_accounts("review", "release")).exclude(password__startswith="!")  # noqa: S106
    areas = registry.areas()
    return {
        areas[name].section for name in users.values_list("section", flat=True).distinct() if name in areas
    }


def may_review(user: User, section: str, with_accounts: set[str] | None = None) -> bool:
    """Whether ``user`` may review for a section: its own members, and the office where the section has no account.

    ``with_accounts`` is the result of :func:`sections_with_accounts` where the caller has it already; None
    computes it.
    """
    if section != "" and own_section(user) == section:
        return True
    if not permits(user, "review_for", "release"):
        return False
    return section not in (sections_with_accounts() if with_accounts is None else with_accounts)


def may_sign(user: User, version: Version) -> bool:
    """Whether ``user`` may sign a version: a leader who did not make it."""
    return may(user, "sign", "release", made_by=version.made_by_id)


def draft(template: str, snapshot: Snapshot, period: Period, user: User) -> Version:
    """Compose the first version of a new release of the report ``template``, and return it.

    Raises :class:`ReleaseForbidden` where the user may not, :class:`ReleaseError` where a release of this
    report and period is not issued yet, and what ``compose`` raises.
    """
    return compose_version(Release(template=template, period=period.key), snapshot, user, 0)


def compose_version(release: Release, snapshot: Snapshot, user: User, after: int) -> Version:
    """Compose the version that follows version number ``after`` (0 for none) of a release, and return it.

    Its file does not show the sources of the numbers, as needed for issue, but its marks record them. Raises
    :class:`ReleaseForbidden` where the user may not, :class:`ReleaseError` where the release was issued or
    has a newer version, and what ``compose`` raises.
    """
    _require(permits(user, "compose", "release"), "报告的各版由办公室生成和上传。")
    composed = compose_whole(release.template, snapshot, Period.parse(release.period))
    content = io.BytesIO()
    document.build(composed, Sources.NONE).save(content)
    fields = {"title": composed.title, "snapshot_id": snapshot.id, "made_by": user}
    return _add(release, after, content.getvalue(), examine(content.getvalue(), composed, snapshot), fields)


def take_in(release: Release, content: bytes, name: str, user: User, after: int) -> Version:
    """Store an edited and uploaded report as the version that follows version number ``after``, and return it.

    ``content`` are the bytes of the Word file, ``name`` is the name of the uploaded file. Raises
    :class:`ReleaseError` where it is not a report of the release's template and period, the records of its
    numbers were altered, or the release has a newer version; ``NotAReportError`` where it has no marked
    numbers; ``SnapshotError`` where its snapshot is missing. Other findings go on the checklist.
    """
    _require(permits(user, "compose", "release"), "报告的各版由办公室生成和上传。")
    carried = marks.read(io.BytesIO(content))
    if (carried.template, carried.period) != (release.template, release.period):
        names = titles()
        raise ReleaseError(
            f"这份文件是{_label(carried.period)}的“{names.get(carried.template, '纳入管理的报告')}”，"
            f"不是{release.reported_period}的“{names.get(release.template, release.template)}”。"
            "请上传从本次签发下载、修改过的文件。"
        )
    snapshot = Snapshot.open(carried.snapshot_id)
    composed = compose_whole(release.template, snapshot, Period.parse(release.period))
    fields = {"title": composed.title, "upload": name, "snapshot_id": snapshot.id, "made_by": user}
    return _add(release, after, content, examine(content, composed, snapshot), fields)


def review(version: Version, section: str, user: User) -> None:
    """Record that ``section`` has confirmed its part of the newest version (会签).

    ``section`` is its Chinese name. Reviewing twice has no further effect. Raises :class:`ReleaseForbidden`
    where the user may not review for the section, :class:`ReleaseError` where the section has no part in the
    version, or the version is not the newest of an unissued release.
    """
    if section not in version.parts:
        raise ReleaseError(f"第{version.number}版中没有“{section}”的数字，不用会签。")
    _require(may_review(user, section), f"“{section}”的部分由该科室会签，该科室没有账号的由办公室代签。")
    on_behalf = own_section(user) != section
    with transaction.atomic():
        _lock_newest(version)
        Review.objects.get_or_create(
            version=version, section=section, defaults={"made_by": user, "on_behalf": on_behalf}
        )


def explain(version: Version, items: Iterable[str], text: str, user: User) -> None:
    """Store ``text`` as the explanation of items on the checklist of the newest version, so that they no longer block it.

    ``items`` are the keys of the items; those of items that do not block are ignored. Raises
    :class:`ReleaseForbidden` where the user may not, :class:`ReleaseError` if no item is left, for a text of
    fewer than 2 or more than 300 characters, or for a version that is not the newest of an unissued release.
    """
    _require(permits(user, "explain", "release"), "清单由办公室和科室说明。")
    known = {entry.item.key for entry in checklist(version) if entry.item.blocks}
    keys = [key for key in dict.fromkeys(items) if key in known]
    if not keys:
        raise ReleaseError("没有选中要说明的项。请在清单上勾选后再写说明。")
    text = " ".join(text.split())
    if not _SHORTEST <= len(text) <= _LONGEST:
        raise ReleaseError(
            f"说明应有{_SHORTEST}到{_LONGEST}个字。请写明为什么可以这样印发，如：本期没有举办这项赛事。"
        )
    with transaction.atomic():
        _lock_newest(version)
        Explanation.objects.bulk_create(
            Explanation(release=version.release, item=key, text=text, made_by=user) for key in keys
        )


def obstacles(version: Version, entries: list[Entry]) -> list[str]:
    """Return Chinese sentences on what prevents the signature and issue of a version.

    An empty list if nothing does. ``entries`` is the checklist of the version.
    """
    obstacles_found = []
    if waiting := [section for section, made in version.release.reviews(version).items() if made is None]:
        obstacles_found.append(f"还没有会签的科室：{'、'.join(waiting)}。")
    if open_ := sum(entry.open for entry in entries):
        obstacles_found.append(f"清单上还有{open_}项没有说明。")
    return obstacles_found


def sign(version: Version, document_number: str, user: User) -> None:
    """Sign the newest version under a document number (发文字号, as 云教〔2019〕12号).

    Raises :class:`ReleaseForbidden` where the user may not, and :class:`ReleaseError` for a number in another
    form or already in use, a version with obstacles, or one that is not the newest of an unissued release.
    """
    _require(may_sign(user, version), "报告由领导签发，不能由起草的人签发。")
    number = "".join(document_number.split())
    if not _DOCUMENT_NUMBER.fullmatch(number):
        raise ReleaseError(
            f"发文字号“{number[:40]}”不对。请写成机关代字、六角括号中的年份和序号，如云教〔2019〕12号。"
        )
    if sentences := obstacles(version, checklist(version)):
        raise ReleaseError("还不能签发。" + "".join(sentences))
    signature = {"document_number": number, "signed_version": version.number, "signed_by": user}
    try:
        with transaction.atomic():
            _update(version.release, version.number, signed_at=timezone.now(), **signature)
    except IntegrityError:
        raise ReleaseError(f"发文字号{number}已用于另一份报告。请换一个。") from None


def issue(version: Version, user: User) -> None:
    """Issue the newest version, which a leader has signed; from then on the release cannot change.

    Raises :class:`ReleaseForbidden` where the user may not, and :class:`ReleaseError` for a version with
    obstacles or without a signature, where the user signed it, where its file is damaged, or where it is not
    the newest version; ``SnapshotError`` where its snapshot is missing.
    """
    _require(permits(user, "issue", "release"), "报告由办公室印发。")
    if reasons := obstacles(version, checklist(version)):
        raise ReleaseError("还不能印发。" + "".join(reasons))
    release = Release.objects.get(pk=version.release_id)
    if not release.is_signed and release.issued_at is None and release.latest == version.number:
        raise ReleaseError("还不能印发。领导还没有签发这一版。")
    if not may(user, "issue", "release", made_by=release.signed_by_id):
        raise ReleaseError("还不能印发。签发的人不能自己印发，请由办公室的另一个人印发。")
    version.content()
    Snapshot.open(version.snapshot_id)
    with transaction.atomic():
        _update(version.release, version.number, issued_at=timezone.now(), issued_by=user)
        ChainLink.objects.append("issue", [version.release_id])


def _add(release: Release, after: int, content: bytes, items: list[Any], fields: dict[str, Any]) -> Version:
    """Store a file as the version that follows number ``after``; an unsaved release is created first."""
    fields["parts"] = parts(word_file.open_document(io.BytesIO(content)))
    with transaction.atomic():
        if release.pk is None:
            open_one = {"template": release.template, "period": release.period, "issued_at": None}
            release, new = Release.objects.get_or_create(**open_one)
            if not new:
                raise ReleaseError(f"{release.reported_period}的报告已在起草，请在那里加新的版本。")
        _update(release, after, latest=after + 1)
        return Version.objects.create(
            release=release, number=after + 1, sha256=keep(content), found=items, **fields
        )


def _lock_newest(version: Version) -> None:
    """Lock the release for the rest of the transaction; raises :class:`ReleaseError` if the version is not the newest."""
    _update(version.release, version.number, latest=version.number)


def _update(release: Release, number: int, **after: Any) -> None:
    """Update the fields ``after`` of an unissued release whose newest version is ``number``.

    Raises :class:`ReleaseError` if it was issued or has a newer version: of two concurrent updates one fails.
    """
    if Release.objects.filter(pk=release.pk, latest=number, issued_at=None).update(**after):
        return
    now = Release.objects.select_related("issued_by").get(pk=release.pk)
    if now.issued_at:
        raise ReleaseError(
            f"{now.reported_period}的报告已由{now.issued_by}于{localtime(now.issued_at):%Y-%m-%d %H:%M}印发，不能再改。"
        )
    raise ReleaseError(
        f"{now.reported_period}的报告现在是第{now.latest}版，与您看到的不同，没有任何改动。请打开它看过以后再试。"
    )


def _require(allowed: object, sentence: str) -> None:
    if not allowed:
        raise ReleaseForbidden(f"{sentence}您的账号不能做这一步。")


def _label(period: str) -> str:
    try:
        return Period.parse(period).label
    except PeriodError:
        return f"“{period}”"
