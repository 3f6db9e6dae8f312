"""The pages for checking an uploaded report of this bureau: verify its numbers, refresh them, or adopt it."""

from __future__ import annotations

from io import BytesIO

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.core.periods import Period, PeriodError
from xuezheng.jobs.attachments import Attachment, AttachmentGone, TooMuchWaiting
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.report_checks import ADOPT, REFRESH, VERIFY, check_file, file_of, result_of
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files

MEGABYTES = 20
ACTIONS = (
    (VERIFY, "核对：数字有没有被手工改过，与台账是否仍然一致"),
    (REFRESH, "刷新：换成所选时期的数字，文字不动，下载新文件"),
    (ADOPT, "纳入管理：给没有标记的旧报告加上标记，文字不动，下载后就能刷新和核对"),
)


class CheckForm(forms.Form):
    """The form for a check: the Word file, and the kind of check."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请去掉图片等附件后再试。",
        label="文件",
        help_text=f".docx，不超过{MEGABYTES}兆",
    )
    action = forms.ChoiceField(label="做什么", choices=ACTIONS, initial=VERIFY, widget=forms.RadioSelect)


@takes_files(MEGABYTES)
@require_http_methods(["GET", "POST"])
@with_snapshot
def check(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the form; a POST starts the check for the chosen period and redirects to its job.

    The file and the result are kept for a day, and only the user who uploaded the file can open them.
    """
    form = CheckForm(request.POST or None, request.FILES or None)
    choice = period_choice.choice(request, snapshot.day)
    if request.method == "POST" and form.is_valid():
        file, action = form.cleaned_data["file"], form.cleaned_data["action"]
        try:
            period = Period.parse(request.POST.get("period", choice.period.key))
            attachment = Attachment.create(request.user, file.name, file.read())
        except (PeriodError, TooMuchWaiting) as error:
            form.add_error("file", str(error))
        else:
            job = check_file.ask(request.user, token=attachment.token, action=action, period=period.key)
            return redirect("web:job", job.pk)
    return render(request, "web/check.html", {"form": form, "choice": choice})


@never_cache
@require_GET
def checked(request: UserRequest, token: str) -> HttpResponse:
    """Show the result of the check ``token``; a user who did not upload the file is redirected to the form."""
    try:
        attachment = Attachment.open(request.user, token)
        result = result_of(attachment)
    except AttachmentGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:check")
    context = {
        "done": dict(ACTIONS)[result["action"]].split("：")[0],
        "name": attachment.name,
        "token": token,
    }
    return render(request, "web/checked.html", context | result)


@never_cache
@require_GET
def checked_file(request: UserRequest, token: str) -> HttpResponseBase:
    """Send the Word file that a check has produced (refreshed or adopted) to the user who uploaded the original.

    Others, and this user where there is no such file, are redirected to the form.
    """
    try:
        attachment = Attachment.open(request.user, token)
        content, name = file_of(attachment), result_of(attachment)["file"]
    except (AttachmentGone, KeyError):
        messages.warning(request, str(AttachmentGone()))
        return redirect("web:check")
    return FileResponse(BytesIO(content), as_attachment=True, filename=name)
