"""Saved views of lists: saving, sharing, changing, removing, and the view with which a list opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from xuezheng.records.models import Record, User
from xuezheng.records.permissions import permits
from xuezheng.web.lists.access import posted, register_of
from xuezheng.web.lists.columns import columns_of
from xuezheng.web.lists.request import ListQuery, read_query
from xuezheng.web.models import ListHabit, ListView
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.parameters import parse_number

#: The value of the parameter ``view`` that shows the list without a view, where it would open with one.
NO_VIEW = "none"


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[ListView]
else:  # Django's form takes no types when the program runs
    _ModelForm = forms.ModelForm


class ViewForm(_ModelForm):
    """The form for a saved view: its name, and the users who may use it."""

    class Meta:
        model = ListView
        fields = ("name", "shared")


def address_of(view: ListView, model: type[Record], user: User) -> str:
    """Return the address of the list of the register ``model`` with a saved view's columns, filters and order."""
    return ListQuery.parse(model, QueryDict(view.query), user).but(view=str(view.pk)).address(user)


@posted
def columns(request: UserRequest, model: str) -> HttpResponse:
    """Store the columns that the user chose for the list of the register ``model``, and redirect to the list.

    ``column`` in the POST are keys of columns; with none of them, or with ``usual``, the list shows the
    default columns again.
    """
    register = register_of(request, model)
    known = columns_of(register)
    chosen = [key for key in request.POST.getlist("column") if key in known]
    ListHabit.keep(request.user, register, columns="" if request.POST.get("usual") else ",".join(chosen))
    return redirect(read_query(request, register).but(columns=()).address(request.user))


@posted
def views(request: UserRequest, model: str) -> HttpResponse:
    """Save the columns, filters and order of the list as a view under the posted ``name``, without typed words.

    Where the user already has a view of this name for the register, nothing is saved and a message explains
    the remedy.
    """
    register = register_of(request, model)
    query = read_query(request, register)
    form = ViewForm(request.POST)
    if not form.is_valid():
        messages.warning(request, "没有保存：请给视图起一个不超过30个字的名称。")
        return redirect(query.address(request.user))
    shared = form.cleaned_data["shared"]
    if shared == ListView.Shared.ALL and not permits(request.user, "share_with_all", "view"):
        shared = ListView.Shared.FELLOWS
    habit = ListHabit.find(request.user, register)
    shown = query.columns or tuple(key for key in (habit.columns if habit else "").split(",") if key)
    query_string = query.but(words={}, pasted="", view="", columns=shown).query_string(request.user)
    defaults = {"query": query_string, "shared": shared}
    view, made = ListView.objects.get_or_create(
        owner=request.user, register=model, name=form.cleaned_data["name"], defaults=defaults
    )
    if not made:
        messages.warning(request, f"您已有名为“{view}”的视图，没有保存。请换一个名称，或先打开它再按“更新”。")
        return redirect(query.address(request.user))
    if request.POST.get("opens"):
        ListHabit.keep(request.user, register, opens_with=view)
    left = "查找词和粘贴的名单没有存入视图。" if query.words or query.pasted else ""
    messages.success(request, f"已存为视图“{view}”。{left}")
    return redirect(address_of(view, register, request.user))


@posted
def view(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """Update or remove one of the user's own views, or make any visible view the default of the list.

    The POST parameter ``step`` is "remove", "opens" or "opens_not" (make or no longer make it the default);
    any other value updates the view to the list of the address. Raises ``Http404`` for a view that the user
    may not use.
    """
    register = register_of(request, model)
    chosen = get_object_or_404(ListView.objects.visible_to(request.user).for_register(register), pk=pk)
    step = request.POST.get("step")
    if step in ("opens", "opens_not"):
        ListHabit.keep(request.user, register, opens_with=chosen if step == "opens" else None)
        messages.success(
            request, "这个台账以后打开时就是这个视图。" if step == "opens" else "这个台账以后打开时列出全部。"
        )
        return redirect(address_of(chosen, register, request.user))
    own = get_object_or_404(ListView, pk=chosen.pk, owner=request.user)
    known = ListView.objects.filter(pk=own.pk, version=parse_number(request.POST.get("version", "")))
    if step == "remove":
        removed, _ = known.delete()
        _report_result(request, bool(removed), f"视图“{own}”已删除。")
        return redirect(f"{reverse('web:register', args=[model])}?view={NO_VIEW}")
    query = read_query(request, register)
    query_string = query.but(words={}, pasted="", view="").query_string(request.user)
    changed = known.update(query=query_string, version=F("version") + 1)
    _report_result(request, bool(changed), f"视图“{own}”已更新。")
    return redirect(query.address(request.user))


def _report_result(request: UserRequest, done: bool, sentence: str) -> None:
    if done:
        messages.success(request, sentence)
    else:
        messages.warning(request, "这个视图刚在别处改过，没有再改。请看过新的内容后再试。")
