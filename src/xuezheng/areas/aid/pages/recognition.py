"""The pages of one recognition, with its steps and those that the user may take now, and of a new application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.areas.aid.models import Entitlement, Recognition
from xuezheng.areas.aid.pages.form_input import day_of, report_refusals
from xuezheng.areas.aid.pages.recognitions import COLOURS, PURPOSE, refuse_strangers
from xuezheng.areas.aid.procedures import recognise
from xuezheng.areas.aid.procedures.recognise import By, Change, State, may_be_decided
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Pupil, Term, User
from xuezheng.records.permissions import permits
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import ErrorsShownForm, offer_records, style_fields
from xuezheng.web.ui.parameters import parse_number

#: The states from which a recognition can be sent back, and those in which it is under way.
SENDING_BACK = (State.REVIEWED, State.NOTICED)
OPEN = (State.APPLIED, *SENDING_BACK)


@never_cache
@require_http_methods(["GET", "POST"])
def recognition(request: UserRequest, pk: int) -> HttpResponse:
    """Show the recognition ``pk`` with all its steps; a POST carries out a ``step``.

    The steps are "review", "decide", "refuse", "send_back", "withdraw", "reopen", "end" and "carry_over" (to
    a later term); each takes the ``day`` and a ``note``. Raises ``PermissionDenied`` where the user may not
    see recognitions, ``Http404`` for one that the user may not see, and for any other step.
    """
    refuse_strangers(request.user)
    visible = Recognition.objects.visible_to(request.user).select_related("person", "school", "term")
    recognition = get_object_or_404(visible, pk=pk)
    if request.method == "POST":
        return _step(request, recognition)
    access_log.note(request, "困难认定：一人", PURPOSE, [recognition.person_id])
    recognition.colour = COLOURS[recognition.state]
    others = visible.filter(person=recognition.person_id).exclude(pk=pk).order_by("-term__starts_on")
    for other_recognition in others:
        other_recognition.colour = COLOURS[other_recognition.state]
    later = Term.objects.filter(starts_on__gt=recognition.term.starts_on).exclude(
        recognition__person=recognition.person
    )
    today, decides = timezone.localdate(), permits(request.user, "decide", "aid.recognition")
    entitled = Entitlement.objects.visible_to(request.user).filter(
        person=recognition.person_id, term=recognition.term_id
    )
    context = {
        "recognition": recognition,
        "others": others,
        "steps": recognition.steps.select_related("by", "notice"),
        "entitled": entitled,
        "today": today,
        "tiers": code_list("aid.hardship_tier").in_force(recognition.term.starts_on),
        "changes": [choice for choice in Change.choices if choice[0] != Change.NEW],
        "next_terms": later.order_by("starts_on") if recognition.state == State.DECIDED else [],
        "may_review": recognition.state == State.APPLIED,
        "may_decide": decides and may_be_decided(recognition, today),
        "waits": recognition.state == State.NOTICED and not may_be_decided(recognition, today),
        "may_refuse": recognition.state == State.APPLIED or (decides and recognition.state in SENDING_BACK),
        "may_send_back": recognition.state in SENDING_BACK,
        "may_withdraw": recognition.state in OPEN,
        "may_reopen": recognition.state in (State.REFUSED, State.WITHDRAWN),
        "may_end": decides and recognition.state == State.DECIDED,
    }
    return render(request, "aid/recognition.html", context)


def _step(request: UserRequest, recognition: Recognition) -> HttpResponse:
    data, pk = request.POST, recognition.pk
    steps: dict[str, Callable[[By], object]] = {
        "review": lambda by: recognise.review([pk], by, _known_tier(data.get("tier"))),
        "decide": lambda by: recognise.decide([pk], by),
        "refuse": lambda by: recognise.refuse(pk, by),
        "send_back": lambda by: recognise.send_back(pk, by),
        "withdraw": lambda by: recognise.withdraw(pk, by),
        "reopen": lambda by: recognise.reopen(pk, by),
        "end": lambda by: recognise.end(pk, by),
    }
    step = data.get("step", "")
    with report_refusals(request):
        by = By(request.user, day_of(data.get("day")), data.get("note", ""))
        if step == "carry_over":
            term = get_object_or_404(Term, pk=parse_number(data.get("term")))
            tier = _known_tier(data.get("tier"))
            made = recognise.carry_over(pk, term, by, data.get("change", ""), tier)
            messages.success(request, f"已复核到{term.code}学期：{made.get_change_display()}。")
            return redirect("aid:recognition", made.pk)
        if step not in steps:
            raise Http404("没有这一步。")
        steps[step](by)
        recognition.refresh_from_db()
        messages.success(request, f"{recognition.person}的认定现为“{recognition.get_state_display()}”。")
    return redirect("aid:recognition", pk)


def _known_tier(value: str | None) -> str:
    if value and value not in code_list("aid.hardship_tier").codes:
        raise StepRefused("所选的困难等级不在选项中。请重新选择。")
    return value or ""


class ApplicationForm(ErrorsShownForm):
    """The form of an application: the pupil's ID number, the term, and the circumstances of the family."""

    id_number = forms.CharField(
        label="身份证件号", max_length=30, help_text="按学籍中的号码查找学生，不会出现在网址里"
    )

    class Meta:
        model = Recognition
        fields = [
            "term", "category", "tier", "household_size", "guardian", "phone", "reason", "applied_on",
        ]  # fmt: skip
        widgets = {
            "applied_on": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
            "reason": forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
        }

    instance: Recognition
    field_order = ["id_number"]

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        offer_records(self, "term", Term.objects.order_by("-starts_on"))
        style_fields(*self.fields.values())

    def clean_id_number(self) -> str:
        """Return the ID number, and set the person and school of the application to the pupil who has it.

        Raises ``ValidationError`` where no enrolled pupil whom the user may see has it.
        """
        text: str = self.cleaned_data["id_number"].strip().upper()
        visible = Pupil.objects.visible_to(self.user).filter(left_on=None)
        pupil = (
            visible.filter(person__id_number_hash=keyed_hash(text))
            .select_related("person", "class_group__school")
            .first()
        )
        if pupil is None:
            raise ValidationError("学籍里没有这个号码的在册学生，或不在您的学校。请核对号码。")
        self.instance.person, self.instance.school = pupil.person, pupil.class_group.school
        return text

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data; add an error where the pupil already has a recognition for the term."""
        cleaned: dict[str, Any] = super().clean() or {}
        term = cleaned.get("term")
        person = getattr(self.instance, "person_id", None)
        if person and term and Recognition.objects.filter(person=person, term=term).exists():
            self.add_error("term", f"这名学生在{term.code}学期已有认定。请在困难认定列表中打开办理。")
        return cleaned


@never_cache
@require_http_methods(["GET", "POST"])
def new_recognition(request: UserRequest) -> HttpResponse:
    """Show the form of an application for a recognition of hardship.

    A POST saves it and redirects to the recognition.
    """
    refuse_strangers(request.user)
    today = timezone.localdate()
    begun = {"applied_on": today, "term": Term.objects.order_by("-starts_on").first()}
    form = ApplicationForm(request.user, request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        try:
            made = recognise.apply(form.instance, request.user)
        except StepRefused as refusal:
            form.add_error("id_number", str(refusal))
        else:
            messages.success(request, f"已为{made.person}申请。下一步请学校评议。")
            return redirect("aid:recognition", made.pk)
    return render(request, "aid/new_recognition.html", {"form": form})
