"""The form fields that all proposals of a version have, whether of a standard's value or of a code."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from xuezheng.policy import proposals
from xuezheng.policy.models import LocalVersion, VersionScan
from xuezheng.records.permissions import require
from xuezheng.web.answers.policy_text import day_of, published_of
from xuezheng.web.security.requests import UserRequest

#: The fields of the form, besides the values, whose texts are shown again after an error.
FIELDS = ("first", "source", "published_on", "note")
_MOST = proposals.SCAN_MEGABYTES * 2**20 + 1  # bytes that are read of a scan: one more is too many


def propose(request: UserRequest, key: str, value: Any) -> LocalVersion:
    """Create a proposal of ``value`` for the standard or code ``key``, with the day, source, note and scan of the posted form.

    Raises :class:`PolicyError` for a day that cannot be read, or where the proposal is refused.
    """
    sent = request.FILES.get("scan")
    return proposals.propose(
        key,
        day_of(request.POST.get("first", ""), "施行日期"),
        value,
        request.POST.get("source", ""),
        request.user,
        published_of(request),
        request.POST.get("note", "").strip()[:300],
        proposals.Scan(sent.name or "扫描件", sent.read(_MOST)) if sent else None,
    )


@require_GET
def standard_scan(request: UserRequest, pk: int) -> FileResponse:
    """Send the scanned document of the version with the key ``pk``; raises ``Http404`` where there is none."""
    require(request.user, "see", "standard")
    scan = get_object_or_404(VersionScan, version=pk)
    content = bytes(scan.content)
    return FileResponse(
        BytesIO(content),
        as_attachment=True,
        filename=scan.name,
        content_type=proposals.scan_type(content),
    )
