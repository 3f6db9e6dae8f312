"""The page that changes one field of many records at once: choose the value, preview the changes, carry them out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from copy import deepcopy
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xuezheng.core.encryption import seal_text, unseal_text
from xuezheng.intake.by_hand.bulk_edit import MOST, Proposal, may_be_changed_at_once, propose
from xuezheng.intake.by_hand.bulk_edit import change as change_all
from xuezheng.records.fields import field_of
from xuezheng.records.models import Record, User, linked_register
from xuezheng.web.lists.access import posted, register_of
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.request import read_query
from xuezheng.web.registers.selection import Selection
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.display import record_address
from xuezheng.web.ui.forms import check_reason, configure_field, form_of, may_edit, style_fields

_SHOWN = 100


class ChangeForm(forms.Form):
    """The form for the new value of one field of a register, and the reason for the change.

    ``name`` is the name of the field; raises ``KeyError`` for a field that may not be changed on many records
    at once.
    """

    reason = forms.CharField(
        label="修改原因",
        max_length=80,
        help_text="如：按教育局通知统一更正。会记入每条记录的更改记录。",
        validators=[check_reason],
    )

    def __init__(self, model: type[Record], name: str, user: User, data: Any = None) -> None:
        super().__init__(data)
        value = deepcopy(changeable(model)[name])
        configure_field(value, model, name, user)
        self.fields["value"] = value
        self.order_fields(["value", "reason"])
        style_fields(self.fields["reason"])


class Step(NamedTuple):
    """The records of a preview that have the same value before the change.

    ``before`` is that value as Chinese text, ``rows`` the number of records.
    """

    before: str
    rows: int


def changeable(model: Any) -> dict[str, forms.Field]:
    """Return the form fields, by name, for the fields of a register that may be changed on many records at once.

    The dict is empty for a register without such fields.
    """
    kind = form_of(model)
    fields = kind.base_fields if kind else {}
    return {
        name: field
        for name, field in fields.items()
        if name not in ("reason", "version") and may_be_changed_at_once(model, name)
    }


@posted
def change(request: UserRequest, model: str) -> HttpResponse:
    """Show the form for changing one field of the selected rows, and a preview of the changes.

    The preview contains itself as encrypted text; a POST that sends this text back carries the change out.
    Raises ``PermissionDenied`` where the user may not change the register by hand.
    """
    register = register_of(request, model)
    if not may_edit(request.user, register) or not changeable(register):
        raise PermissionDenied
    query = read_query(request, register)
    context: dict[str, Any] = {
        "name": model, "title": register._meta.verbose_name, "query": query.query_string(request.user),
        "back": query.address(request.user), "most": MOST,
    }  # fmt: skip
    if encrypted := request.POST.get("sealed"):
        return _do(request, register, encrypted, context)
    selection = Selection(Listing(query, request.user, request.session), request.POST)
    count = selection.matching_rows.count()
    context |= {"selection": selection, "rows": ",".join(map(str, selection.keys)), "count": count}
    context["fields"] = [(name, display.header(field_of(register, name))) for name in changeable(register)]
    name = request.POST.get("field", "")
    if not 0 < count <= MOST:
        context["fault"] = (
            f"一次最多修改{MOST:,}条，选了{count:,}条。请先筛选。"
            if count
            else "没有选中记录。请回到台账选择。"
        )
    elif name in changeable(register):
        form = ChangeForm(
            register, name, request.user, request.POST if request.POST.get("step") == "preview" else None
        )
        context |= {"form": form, "field": name, "label": display.header(field_of(register, name))}
        if form.is_bound and form.is_valid():
            rows = display.with_links(selection.matching_rows, request.user).order_by("pk")
            proposal = propose(rows, name, form.cleaned_data["value"])
            context |= _describe_proposal(proposal, register, name, request.user)
            _note(request, register, (record for record, _ in proposal.faults[:_SHOWN]))
            context |= {
                "new": _text(form.cleaned_data["value"], register, name),
                "reason": form.cleaned_data["reason"],
            }
            context["sealed"] = _seal(request.user, register, name, request.POST, proposal)
    return render(request, "web/lists/change.html", context)


def _do(request: UserRequest, model: type[Record], encrypted: str, context: dict[str, Any]) -> HttpResponse:
    whose, register, name, values, states = unseal_text("change", encrypted) or (None, None, "", {}, {})
    form = None
    if (whose, register) == (request.user.pk, model.table_name()):
        form = ChangeForm(model, name, request.user, values)
    if form is None or not form.is_valid():
        messages.warning(request, "这次预览已经不能用了，没有改动任何记录。请重新选择。")
        return redirect(context["back"])
    visible = display.with_links(model.objects.visible_to(request.user), request.user)
    expected = {int(key): (state[0], state[1]) for key, state in states.items()}
    done = change_all(
        visible, name, form.cleaned_data["value"], expected, form.cleaned_data["reason"], request.user
    )
    if done.batch is not None:
        messages.success(request, f"已修改{done.count}条，记为批次{done.batch.pk}，可以在批次页整个撤销。")
    if not done.stale:
        return redirect("web:batch", done.batch.pk) if done.batch else redirect(context["back"])
    stale = display.with_links(model.objects.visible_to(request.user), request.user).filter(
        pk__in=done.stale[:_SHOWN]
    )
    _note(request, model, stale)
    context |= {
        "batch": done.batch,
        "stale": [(display.label(record), record_address(record)) for record in stale],
    }
    return render(request, "web/lists/changed.html", {**context, "count": len(done.stale)})


def _note(request: UserRequest, model: type[Record], records: Iterable[Record]) -> None:
    access_log.note(
        request, f"批量修改：{model._meta.verbose_name}", "更正台账", access_log.persons_in(records)
    )


def _describe_proposal(proposal: Proposal, model: type[Record], name: str, user: User) -> dict[str, Any]:
    field = field_of(model, name)
    before = [proposal.before[record.pk] for record in proposal.changed]
    names: dict[Any, str] = {}
    if display.is_link(field):
        linked = linked_register(field).objects.visible_to(user).filter(pk__in=set(before) - {None})
        names = {row.pk: display.label(row) for row in display.with_links(linked, user)}
    counts = Counter(
        names.get(value, display.NOTHING) if display.is_link(field) else display.write_value(value, field)
        for value in before
    )
    return {
        "steps": [Step(text, count) for text, count in counts.most_common()],
        "changed": len(proposal.changed),
        "unchanged": len(proposal.unchanged),
        "faults": [
            (display.label(record), record_address(record), problem)
            for record, problem in proposal.faults[:_SHOWN]
        ],
        "faulty": len(proposal.faults),
    }


def _text(value: Any, model: type[Record], name: str) -> str:
    if isinstance(value, Record):
        return display.label(value)
    return display.write_value(value, field_of(model, name))


def _seal(user: User, model: type[Record], name: str, values: Any, proposal: Proposal) -> str:
    """Return the preview as encrypted text, so that exactly the previewed change is carried out.

    It names the user, the register, the field, the input, and the state of each record.
    """
    states = {record.pk: proposal.states[record.pk] for record in proposal.changed}
    typed = {"value": values.get("value", ""), "reason": values.get("reason", "")}
    return seal_text("change", [user.pk, model.table_name(), name, typed, states])
