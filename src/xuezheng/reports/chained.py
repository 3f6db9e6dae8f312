"""The rows of reports that the chain (校验链) covers: issued reports with their files, and versions of report templates.

The chain records a digest of each, so that a later change or removal is noticed.
"""

from __future__ import annotations

from collections.abc import Collection

from xuezheng.records.models.chain import ChainedRows, Row, rows_by_key
from xuezheng.reports.releases.models import Release, Version
from xuezheng.reports.templates.models import TemplateVersion


def _issued(keys: Collection[int]) -> dict[int, Row]:
    versions: dict[int, list[Row]] = {}
    for release, *version in (
        Version.objects.filter(release__in=keys)
        .order_by("release", "number")
        .values_list("release", "number", "sha256", "snapshot_id", "made_by_id", "made_at")
    ):
        versions.setdefault(release, []).append(version)
    issued = Release.objects.filter(pk__in=keys, issued_at__isnull=False)
    return {
        key: [*values, versions.get(key, [])]
        for key, *values in issued.values_list(
            "pk", "template", "period", "latest", "issued_by_id", "issued_at"
        )
    }


issues = ChainedRows(
    "issue", "印发的报告", lambda: Release.objects.filter(issued_at__isnull=False).order_by("pk"), _issued
)

template_versions = ChainedRows(
    "report.template",
    "报告模板",
    lambda: TemplateVersion.objects.order_by("pk"),
    rows_by_key(
        TemplateVersion.objects.all(),
        *("template__name", "number", "title", "kind", "source", "note", "retires"),
        *("made_by_id", "made_at"),
    ),
)
