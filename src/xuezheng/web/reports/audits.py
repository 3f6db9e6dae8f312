"""The pages that check the arithmetic of any text: an uploaded file or a pasted text, whoever wrote it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.jobs.attachments import Attachment, AttachmentGone, TooMuchWaiting
from xuezheng.web.report_checks import audit_file, result_of
from xuezheng.web.reports.checks import MEGABYTES
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files

PASTED = "粘贴的文字.txt"
_SIGNS = 200_000  # of a pasted text: a report of a hundred pages and more


class AuditForm(forms.Form):
    """The form for an audit: either a file or a pasted text."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请去掉图片等附件后再试。",
        label="文件",
        required=False,
        help_text=f".docx、.xlsx、.txt、.md 或 .html，不超过{MEGABYTES}兆",
    )
    text = forms.CharField(label="或者粘贴文字", required=False, max_length=_SIGNS, widget=forms.Textarea)

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error to a form with neither a file nor a text, or with both."""
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("file")) == bool((cleaned.get("text") or "").strip()):
            self.add_error("file", "请选择一个文件，或者粘贴一段文字（两者选一）。")
        return cleaned

    def content(self) -> tuple[str, bytes]:
        """Return the file name and the content in bytes of the file, or of the pasted text encoded as UTF-8."""
        file = self.cleaned_data["file"]
        return (file.name, file.read()) if file else (PASTED, self.cleaned_data["text"].encode())


@takes_files(MEGABYTES)
@require_http_methods(["GET", "POST"])
def audit(request: UserRequest) -> HttpResponse:
    """Show the form; a POST starts the audit and redirects to its job.

    The file and the result are kept for a day, and only the user who uploaded the file can open them.
    """
    form = AuditForm(request.POST, request.FILES) if request.method == "POST" else AuditForm()
    if request.method == "POST" and form.is_valid():
        try:
            attachment = Attachment.create(request.user, *form.content())
        except TooMuchWaiting as error:
            form.add_error("file", str(error))
        else:
            return redirect("web:job", audit_file.ask(request.user, token=attachment.token).pk)
    return render(request, "web/audit.html", {"form": form})


@never_cache
@require_GET
def audited(request: UserRequest, token: str) -> HttpResponse:
    """Show the result of the audit ``token``: what it found, what it checked and what it could not check.

    Only the user who uploaded the file can open it; others are redirected to the form. Printed, the page is
    an audit opinion.
    """
    try:
        attachment = Attachment.open(request.user, token)
        result = result_of(attachment)
    except AttachmentGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:audit")
    return render(request, "web/audited.html", {"name": attachment.name, **result})
