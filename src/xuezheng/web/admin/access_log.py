"""The pages of the access log: all entries for the office and the administrators, and the entries about one person."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.records.models import Look, User
from xuezheng.records.permissions import require
from xuezheng.web.lists.access import any_register
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.forms import require_edit, style_fields

PER_PAGE = 50
_FULL_NUMBERS = "whole_numbers"


class AccessLogForm(forms.Form):
    """The filters of the access log: first and last day, user, and kind of access."""

    first = forms.DateField(label="从", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    last = forms.DateField(label="到", required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    by = forms.ModelChoiceField(
        User.objects.order_by("username"), label="谁", required=False, empty_label="所有人"
    )
    kind = forms.ChoiceField(
        label="方式",
        required=False,
        choices=[("", "所有方式"), (_FULL_NUMBERS, "含完整号码的"), *Look.Kind.choices],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style_fields(*self.fields.values())

    def select(self, lines: QuerySet[Look]) -> QuerySet[Look]:
        """Return the entries of the query set ``lines`` that match the filters.

        Both days are included; an empty field filters nothing. The result is empty where the form is invalid.
        """
        if not self.is_valid():
            return lines.none()
        values = self.cleaned_data
        kinds = Look.FULL_NUMBERS if values["kind"] == _FULL_NUMBERS else [values["kind"]]
        filters = {
            "at__date__gte": values["first"],
            "at__date__lte": values["last"],
            "by": values["by"],
            "kind__in": kinds if values["kind"] else None,
        }
        return lines.filter(**{path: value for path, value in filters.items() if value})


@never_cache
@require_GET
def show_access_log(request: UserRequest) -> HttpResponse:
    """List the entries of the access log that the user may see, the latest first, ``PER_PAGE`` on a page.

    The query parameters ``first``, ``last``, ``by`` and ``kind`` are the fields of :class:`AccessLogForm`.
    Raises ``PermissionDenied`` where the user may not see the log.
    """
    require(request.user, "see", "access_log")
    return _shown(request, Look.objects.visible_to(request.user), {})


@never_cache
@require_GET
def show_record_access(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """List the accesses to the data of the person whom one record is about.

    This view is logged as an access itself. ``model`` is the name of a register, ``pk`` the key of a record.
    Raises ``Http404`` for a record that the user may not see or that is about no person, and
    ``PermissionDenied`` where the user may not edit the register.
    """
    record_model = any_register(model)
    visible = display.with_links(record_model.objects.visible_to(request.user), request.user)
    record = get_object_or_404(visible, pk=pk)
    persons = access_log.persons_in([record])
    if not persons:
        raise Http404("这条记录不是关于人的。")
    require_edit(request.user, record_model)
    context = {
        "name": model,
        "title": record_model._meta.verbose_name,
        "record": record,
        "label": display.label(record),
    }
    response = _shown(request, Look.objects.at_persons(persons), context)
    access_log.note(request, "谁看过这个人", "核查查阅记录", persons)
    return response


def _shown(request: UserRequest, lines: QuerySet[Look], context: dict[str, Any]) -> HttpResponse:
    access_log.file_away()
    form = AccessLogForm(request.GET)
    selected = form.select(lines).select_related("by__school")
    page = Paginator(selected, PER_PAGE).get_page(request.GET.get("page"))
    return render(
        request,
        "web/looks.html",
        {"page": page, "form": form, "damaged": access_log.count_damaged(), **context},
    )
