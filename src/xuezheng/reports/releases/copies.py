"""Copies of a version for readers, which show the sources of its numbers."""

from __future__ import annotations

import io
from typing import Any

from xuezheng.core.periods import Period
from xuezheng.proofing import word_file
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.releases import ReleaseError
from xuezheng.reports.releases.additions import compose_whole
from xuezheng.reports.releases.models import Version
from xuezheng.reports.word import document
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot


def with_sources(version: Version, sources: Sources) -> bytes:
    """Return a copy of a composed version that shows the sources of its numbers, as the bytes of a Word file.

    ``sources`` says where: in an appendix or in comments. Raises :class:`ReleaseError` for an uploaded
    version, and where the template has changed so that it no longer gives the same text.
    """
    if version.upload:
        raise ReleaseError(f"第{version.number}版是上传的文件，只能原样下载。")
    release = version.release
    period = Period.parse(release.period)
    composed = compose_whole(release.template, Snapshot.open(version.snapshot_id), period, at=version.made_at)
    if _words(document.build(composed, Sources.NONE)) != _words(
        word_file.open_document(io.BytesIO(version.content()))
    ):
        raise ReleaseError(
            f"报告模板在第{version.number}版之后改过，按它已生成不出同样的文字。请下载这一版的清稿。"
        )
    shown = io.BytesIO()
    document.build(composed, sources).save(shown)
    return shown.getvalue()


def _words(opened: Any) -> list[str]:
    return [text_of(paragraph) for paragraph in document.prose(opened)]
