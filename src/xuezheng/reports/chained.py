"""The issued reports as entries of the hash chain, which covers their files too."""

from __future__ import annotations

from collections.abc import Collection

from xuezheng.records.models.chain import ChainedRows, Row
from xuezheng.reports.releases.models import Release, Version


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
