"""The page of announcements: the list with the number of readers, and a form for a new one."""

import re
from datetime import date
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xuezheng.records.models import Announcement, User
from xuezheng.records.permissions import may, permits, require
from xuezheng.web.security.requests import UserRequest

_PER_PAGE = 20
_ID_NUMBER = re.compile(r"[0-9]{17}[0-9Xx]")


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Announcement]
else:  # Django's form takes no types when the program runs
    _ModelForm = forms.ModelForm


class AnnouncementForm(_ModelForm):
    """The form for an announcement: title, recipients, the last day on which it is shown, and text."""

    class Meta:
        model = Announcement
        fields = ("title", "to", "until", "text")
        widgets = {
            "title": forms.TextInput(attrs={"class": "form-control"}),
            "to": forms.Select(attrs={"class": "form-select"}),
            "until": forms.DateInput(attrs={"class": "form-control", "type": "date"}),
            "text": forms.Textarea(attrs={"class": "form-control", "rows": 4}),
        }

    def clean_until(self) -> date:
        """Return the last day on which the announcement is shown.

        Raise ``ValidationError`` for a day before today.
        """
        until: date = self.cleaned_data["until"]
        if until < timezone.localdate():
            raise forms.ValidationError("“显示到”的日期已经过去，没有人会看到。请选今天或以后的日期。")
        return until

    def clean_text(self) -> str:
        """Return the text; raise ``ValidationError`` where it contains an ID number of 18 characters."""
        text: str = self.cleaned_data["text"]
        if _ID_NUMBER.search(text):
            raise forms.ValidationError("内容里有身份证件号。通知人人可见，请删去，改说学校和人数。")
        return text


@never_cache
@require_http_methods(["GET", "POST"])
def announcements(request: UserRequest) -> HttpResponse:
    """List the announcements addressed to the user, the latest first; a POST publishes one.

    Raises ``PermissionDenied`` for a POST by a user who may not publish announcements.
    """
    if request.method == "POST":
        require(request.user, "make", "announcement")
    form = AnnouncementForm(request.POST or None) if permits(request.user, "make", "announcement") else None
    if form is not None and form.is_bound:
        form.instance.made_by = request.user
        if form.is_valid():
            messages.success(request, f"通知“{form.save()}”已发布，对方登录后在首页看到。")
            return redirect("web:announcements")
    shown = Announcement.objects.visible_to(request.user).select_related("made_by")
    shown = shown.annotate(readers=Count("read_by")).order_by("-pk")
    today = timezone.localdate()
    page = Paginator(shown, _PER_PAGE).get_page(request.GET.get("page"))
    for announcement in page:
        announcement.is_active = announcement.withdrawn_at is None and announcement.until >= today
        announcement.may_withdraw = announcement.is_active and may(
            request.user, "withdraw", "announcement", made_by=announcement.made_by_id
        )
    return render(request, "web/announcements.html", {"page": page, "form": form})


@require_POST
def announcement(request: UserRequest, pk: int) -> HttpResponse:
    """Record that the user has read the announcement ``pk``; with ``step`` "withdraw", withdraw it instead.

    A withdrawal by a user who may not withdraw it raises ``PermissionDenied``.
    """
    announcement = get_object_or_404(Announcement.objects.visible_to(request.user), pk=pk)
    if request.POST.get("step") != "withdraw":
        announcement.read_by.add(request.user)
        return redirect("web:home")
    require(request.user, "withdraw", "announcement", made_by=announcement.made_by_id)
    if Announcement.objects.filter(pk=pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        messages.success(request, f"通知“{announcement}”已撤回，不再显示。")
    return redirect("web:announcements")


def unread(user: User) -> QuerySet[Announcement]:
    """Return the announcements to ``user`` that are shown now and that ``user`` has not marked as read.

    Withdrawn and expired ones are left out.
    """
    shown = Announcement.objects.visible_to(user).active().exclude(read_by=user)
    return shown.select_related("made_by")
