"""Background jobs that read an uploaded file: audit, verify, refresh or adopt it, or draft a template from it.

Each runs in a process of its own with limited memory and time. The result can be read only by the user who
uploaded the file.
"""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.urls import reverse

from xuezheng import proofing
from xuezheng.core.periods import Period, PeriodError
from xuezheng.core.process_limits import Limits
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.figures import FigureError
from xuezheng.jobs.attachments import Attachment, AttachmentGone
from xuezheng.jobs.kinds import Result, Run, job
from xuezheng.proofing import read, word_file
from xuezheng.proofing.reading import UnreadableError
from xuezheng.reports.living.adopt import AdoptionRefused, adopt
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.template_draft import draft_template
from xuezheng.reports.living.verify import verify
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden, steps
from xuezheng.reports.releases.models import Release
from xuezheng.reports.templates.language import ReportTemplateError
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.web.ui import audited_text, document_view
from xuezheng.workbooks import WorkbookRefused

VERIFY, REFRESH, ADOPT = "verify", "refresh", "adopt"
#: The limits of a job that reads, checks and writes a file; a report of a hundred pages takes a tenth of them.
WORD_LIMITS = Limits(megabytes=500, seconds=30, wall_seconds=120)
_FAULTS = (
    word_file.NotAReportError, AdoptionRefused, UnreadableError, WorkbookRefused, AttachmentGone, PeriodError, SnapshotError,
    FigureError,
)  # fmt: skip
_PAGE, _FILE = "page", "file"


@job("report.check", "核对文件", faults=_FAULTS, limits=WORD_LIMITS)
def check_file(run: Run, token: str, action: str, period: str) -> Result:
    """Verify, refresh or adopt an uploaded Word report, and store the result with the upload.

    ``token`` names the attachment with the file, ``action`` is ``VERIFY``, ``REFRESH`` or ``ADOPT``, and
    ``period`` the key of a period, as ``2019H1``. Returns the address of the page that shows the result.
    """
    attachment = Attachment.open(run.user, token)
    run("读取文件", 0, 1)
    with _written(attachment) as path:
        page = _DONE[action](path, Period.parse(period), attachment)
    attachment.keep(_PAGE, json.dumps({"action": action, **page}, ensure_ascii=False).encode())
    return {"address": reverse("web:checked", args=[token])}


@job("report.audit", "核数", faults=_FAULTS, limits=WORD_LIMITS)
def audit_file(run: Run, token: str) -> Result:
    """Audit the arithmetic of an uploaded file, and store the result with the upload.

    ``token`` names the attachment with the file. Returns the address of the page that shows the result.
    """
    attachment = Attachment.open(run.user, token)
    run("读取文件", 0, 1)
    with _written(attachment) as path:
        source = read(path)
    audit = proofing.audit(source)
    page = {
        "findings": [discrepancy.as_object() for discrepancy in audit.discrepancies],
        "coverage": audit.coverage.describe(),
        "paragraphs": audited_text.show(source, audit),
    }
    attachment.keep(_PAGE, json.dumps(page, ensure_ascii=False).encode())
    return {"address": reverse("web:audited", args=[token])}


@job(
    "release.upload",
    "接收修改过的报告",
    faults=(*_FAULTS, ReleaseError, ReleaseForbidden, ReportTemplateError),
    limits=WORD_LIMITS,
)
def take_version(run: Run, token: str, release: int, after: int) -> Result:
    """Add an edited report as the next version of a release; return the address of the release and a message.

    ``token`` names the attachment with the file, ``release`` is the key of the release, and ``after`` the
    number of the version on which the edit is based.
    """
    attachment = Attachment.open(run.user, token)
    run("读取文件", 0, 1)
    report_release = Release.objects.visible_to(run.user).get(pk=release)
    made = steps.take_in(report_release, attachment.content(), attachment.name, run.user, after)
    return {
        "address": reverse("web:release", args=[release]),
        "message": f"“{attachment.name}”已作为第{made.number}版。核对中发现的写在清单上和文中。",
        "level": "success",
    }


@job("template.adopt", "由旧报告起草模板", faults=_FAULTS, limits=WORD_LIMITS)
def read_old_report(run: Run, token: str, period: str) -> Result:
    """Draft a report template from an uploaded Word report, and store the draft with the upload.

    The draft has the headings and paragraphs of the report, and for its numbers the figures that they may
    state. ``token`` names the attachment with the file, ``period`` is the key of the period that the report
    is about, as ``2019H1``. Returns the address of the page that shows the draft.
    """
    attachment = Attachment.open(run.user, token)
    run("读取文件", 0, 1)
    chosen = Period.parse(period)
    draft = draft_template(io.BytesIO(attachment.content()), Snapshot.for_period(chosen), chosen)
    attachment.keep(_PAGE, json.dumps({"period": period, **draft.as_object()}, ensure_ascii=False).encode())
    return {"address": reverse("web:adopted_template", args=[token])}


def result_of(attachment: Attachment) -> dict[str, Any]:
    """Return the stored result of a job on an attachment, a dict for the template of its page.

    Raises ``AttachmentGone`` where the job has stored none or it was removed.
    """
    page: dict[str, Any] = json.loads(attachment.part(_PAGE))
    return page


def file_of(attachment: Attachment) -> bytes:
    """Return the bytes of the Word file that refreshing or adopting has produced.

    Raises ``AttachmentGone`` where there is none.
    """
    return attachment.part(_FILE)


@contextmanager
def _written(attachment: Attachment) -> Iterator[Path]:
    """Write an uploaded file, decrypted, to a temporary folder of this process; it is gone after the context."""
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"file{Path(attachment.name).suffix.lower()}"
        path.write_bytes(attachment.content())
        yield path


def _refresh(path: Path, period: Period, attachment: Attachment) -> dict[str, Any]:
    made = path.with_name("made.docx")
    refresh(path, Snapshot.for_period(period), period).save(made)
    attachment.keep(_FILE, made.read_bytes())
    return {"file": f"{Path(attachment.name).stem} {period.label}.docx"}


def _adopt(path: Path, period: Period, attachment: Attachment) -> dict[str, Any]:
    adopted = adopt(path, Snapshot.for_period(period), period)
    if not adopted.marks:
        raise AdoptionRefused(
            f"没有找到能确定是{period.label}指标的数，没有可纳入管理的。请核对报告说的是不是这个时期。"
        )
    made = path.with_name("made.docx")
    adopted.save(made)
    attachment.keep(_FILE, made.read_bytes())
    return {"file": f"{Path(attachment.name).stem} 纳入管理.docx"}


def _verify(path: Path, period: Period, attachment: Attachment) -> dict[str, Any]:
    findings = verify(path, Snapshot.latest())
    by_text: document_view.MessagesByText = {}
    for finding in findings:
        text = "" if finding.paragraph is None else text_of(finding.paragraph)
        by_text.setdefault(text, []).append(finding.message)
    return _page(*document_view.of_document(word_file.open_document(path), by_text), len(findings))


def _page(shown: list[document_view.Passage], elsewhere: list[str], count: int) -> dict[str, Any]:
    return {"passages": [asdict(passage) for passage in shown], "elsewhere": elsewhere, "count": count}


_DONE = {VERIFY: _verify, REFRESH: _refresh, ADOPT: _adopt}
