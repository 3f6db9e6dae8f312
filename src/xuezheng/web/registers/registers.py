"""The pages of registers: the overview, the list of each register, and the page of each record."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect, push_url

from xuezheng import registry
from xuezheng.intake.saving import newest_version
from xuezheng.records import models as records
from xuezheng.records.fields import ModelField, keyed_hash
from xuezheng.records.identifiers import id_number_in
from xuezheng.records.models import Record, SupportingDocument, User, is_register
from xuezheng.records.permissions import may, permits
from xuezheng.records.switches import is_used, unused
from xuezheng.web.lists.access import any_register, register_of
from xuezheng.web.lists.columns import columns_of, read_along, usual_columns
from xuezheng.web.lists.conditions import in_school
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.request import ANYWHERE, LONGEST, ListQuery, read_query
from xuezheng.web.models import ListView
from xuezheng.web.registers import saved_views
from xuezheng.web.registers.correction import sheet_to_correct
from xuezheng.web.registers.documents import DocumentForm
from xuezheng.web.registers.new_record import sheet_for
from xuezheng.web.registers.removal import RemovalForm, may_remove
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.area_pages import doors
from xuezheng.web.ui.counts import counted
from xuezheng.web.ui.display import record_address
from xuezheng.web.ui.forms import RecordForm, StaleError, form_of, may_edit
from xuezheng.web.ui.record_history import changes

_FEW = 8
_MOST_TABLES = 6


class Register(NamedTuple):
    """A register in the overview: its name in addresses, its Chinese title, and the number of rows that the user may see."""

    name: str
    title: str
    rows: int


@require_GET
def registers(request: UserRequest) -> HttpResponse:
    """Show the registers of which the user may see any row, by area, with the number of these rows."""
    switched_off = unused()
    visible = {
        name: model.objects.visible_to(request.user)
        for name, model in records.registers().items()
        if is_used(model, switched_off)
    }
    rows = {name: queryset for name, queryset in visible.items() if not queryset.query.is_empty()}
    groups: dict[str, list[Register]] = {}
    for name, count in counted(request.user, rows).items():
        options = rows[name].model._meta
        area = registry.areas().get(options.app_label)
        group = groups.setdefault(area.title if area else "基础台账", [])
        group.append(Register(name, str(options.verbose_name), count))
    return render(request, "web/registers.html", {"groups": groups})


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: UserRequest, model: str) -> HttpResponse:
    """Show the list of the register ``model``.

    A POST of the form above it redirects to the address of the filtered list. Raises ``Http404`` for an
    unknown register, ``PermissionDenied`` where the user may see none of its rows.
    """
    record_model = register_of(request, model)
    if request.method == "POST":
        return _handle_form(request, record_model)
    query = read_query(request, record_model)
    if words := request.GET.get("q", "").strip():
        # Words do not stay in an address.
        if id_number_in(words):
            messages.warning(
                request, "为保护隐私，身份证件号不能写在网址里。请在查找框里输入完整号码后按回车。"
            )
            return redirect("web:register", model)
        return redirect(query.but(words={ANYWHERE: words[:LONGEST]}).address(request.user))
    listing = Listing(query, request.user, request.session)
    opens_with = listing.habit and listing.habit.opens_with
    if opens_with and not request.GET and ListView.objects.visible_to(request.user).filter(pk=opens_with.pk):
        return redirect(saved_views.address_of(opens_with, record_model, request.user))
    return _list(request, listing)


def _handle_form(request: UserRequest, model: type[Record]) -> HttpResponse:
    query = ListQuery.from_form(model, request.POST)
    number = id_number_in(query.words.get(ANYWHERE, ""))
    if number and request.htmx and "go" not in request.POST:
        return HttpResponse(status=204)  # still being typed: Enter looks it up
    if number:
        target = _look_up(request, model, number)
        return HttpResponseClientRedirect(target) if request.htmx else redirect(target)
    address = query.address(request.user)
    if not request.htmx:
        return redirect(address)
    return push_url(_list(request, Listing(query, request.user, request.session)), address)


def _list(request: UserRequest, listing: Listing) -> HttpResponse:
    user = request.user
    model: Any = listing.model
    context = {
        "name": model.table_name(),
        "title": model._meta.verbose_name,
        "listing": listing,
        "page": listing.page,
        "query": listing.query.query_string(user),
        "may_edit": may_edit(user, model) and form_of(model) is not None,
    }
    access_log.note(request, f"台账：{context['title']}", "查询台账", access_log.persons_in(listing.page))
    if request.htmx:
        return render(request, "web/lists/list.html", context)
    views = list(ListView.objects.visible_to(user).for_register(model).select_related("owner"))
    context |= {
        "school": in_school(listing.query, user),
        "views": [(view, saved_views.address_of(view, model, user)) for view in views],
        "present": next((view for view in views if str(view.pk) == listing.query.view), None),
        "may_share_with_all": permits(user, "share_with_all", "view"),
        "by_number": display.person_path(model) is not None,
        "may_add": sheet_for(model, user) is not None,
    }
    return render(request, "web/register.html", context)


def _look_up(request: UserRequest, model: type[Record], number: str) -> str:
    """Return the address of the record of the person with an ID number, or of the list where the person has several.

    Without any, of the unfiltered list, with a warning as a message.
    """
    path = display.person_path(model)
    rows = model.objects.none()
    if path is not None:
        by_hash = {f"{path}id_number_hash": keyed_hash(number)}
        rows = model.objects.visible_to(request.user).filter(**by_hash)
    first = list(rows[:2])
    if len(first) == 1:
        return record_address(first[0])
    if first:
        link = (path or "").removesuffix("__")
        return _list_address(model, link, getattr(first[0], link))
    messages.warning(request, f"{model._meta.verbose_name}里没有这个证件号，或不在您的范围内。请核对号码。")
    return reverse("web:register", args=[model.table_name()])


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: UserRequest, model: str, pk: int) -> HttpResponse:
    """Show the record ``pk`` of the register ``model`` with its origin, related records and history.

    A POST changes it. Raises ``Http404`` for a record that the user may not see, ``PermissionDenied`` for a
    POST by a user who may not change it.
    """
    record_model = any_register(model)
    visible = display.with_links(record_model.objects.visible_to(request.user), request.user)
    item = get_object_or_404(visible.select_related("batch__made_by"), pk=pk)
    kind = form_of(record_model) if may_edit(request.user, record_model) else None
    form = kind(instance=item, user=request.user) if kind else None
    if request.method == "POST":
        if kind is None:
            raise PermissionDenied
        form = kind(request.POST, instance=item, user=request.user)
        if form.is_valid():
            try:
                form.keep()
            except StaleError:
                form = _with_newest_version(kind, request, item)
            else:
                messages.success(request, "已保存，并记入更改记录。")
                return redirect("web:record", model, pk)
        # What the form wrote into the record is not saved: show the record as it is stored.
        item = visible.select_related("batch__made_by").get(pk=pk)
    version = form.fields["version"].initial if form else newest_version(item)
    correcting = sheet_to_correct(request.user, item)
    related = list(_related(request, item))
    persons = access_log.persons_in([item, *(row for list_ in related for row in list_.get("rows", ()))])
    access_log.note(request, f"记录：{record_model._meta.verbose_name}", "查看记录", persons)
    context = {
        "name": model,
        "title": record_model._meta.verbose_name,
        "record": item,
        "may_see_looks": may_edit(request.user, record_model) and access_log.persons_in([item]),
        "label": display.label(item),
        "fields": list(_fields(request, item)),
        "related": related,
        "changes": changes(item, request.user),
        "batch_seen": item.batch is not None
        and may(request.user, "see", "batch", made_by=item.batch.made_by_id),
        "form": form,
        "removal": RemovalForm(version=version) if may_remove(request.user, item) else None,
        "documents": SupportingDocument.objects.of(item).select_related("made_by"),
        "document_form": DocumentForm() if correcting or may_edit(request.user, record_model) else None,
        "may_correct": correcting is not None,
        "doors": doors(item, request.user),
    }
    return render(request, "web/record.html", context)


def _with_newest_version(kind: type[RecordForm], request: UserRequest, item: Record) -> RecordForm:
    """Return the form as it was filled, to be saved over what somebody else has saved meanwhile."""
    filled = request.POST.copy()
    filled["version"] = str(newest_version(item))
    form = kind(filled, instance=item, user=request.user)
    form.add_error(
        None,
        "这条记录刚被别人改过，您的更改还没有保存，填好的内容还在。请对照下面现在的内容和更改记录，改好后再保存。",
    )
    return form


class Shown(NamedTuple):
    """One field of a record's page: its Chinese title and its value as text.

    ``address`` is the page of the linked record; None for a field that is no link, or where the user may not
    see that record. ``field`` is the model field; None for a line that is no field of its own.
    """

    title: str
    text: str
    address: str | None
    field: ModelField | None = None


def _fields(request: UserRequest, item: Record) -> Any:
    for field in display.shown_fields(type(item)):
        address = None
        linked = getattr(item, field.name, None) if display.is_link(field) else None
        if linked is not None and display.can_see(request.user, linked):
            address = record_address(linked)
        yield Shown(display.header(field), display.write(item, field), address, field)
        if linked is not None and display.person_path(type(linked)) == "":
            yield Shown("身份证件号", linked.masked_id_number, None)


def _related(request: UserRequest, item: Record) -> Any:
    """Yield the lists of records that point to this one, as dicts for the template, the first lists with their first few rows."""
    pointing = {
        f"{model.table_name()}_{relation.field.name}": (model, relation)
        for relation in item._meta.related_objects
        if is_register(model := relation.related_model)
    }
    rows = {
        name: model.objects.visible_to(request.user).filter(**{relation.field.name: item.pk})
        for name, (model, relation) in pointing.items()
    }
    there = {name: count for name, count in counted(request.user, rows).items() if count}
    for place, (name, count) in enumerate(there.items()):
        link = pointing[name][1].field.name
        list_ = {"title": rows[name].model._meta.verbose_name, "count": count}
        list_["all"] = _list_address(rows[name].model, link, item)
        yield {**list_, **(_few(rows[name], link, request.user) if place < _MOST_TABLES else {})}


def _few(rows: QuerySet[Record], link: str, user: User) -> dict[str, Any]:
    """Return the first of the rows that point to a record, for the template, without the column of the link."""
    known = columns_of(rows.model)
    columns = [known[key] for key in usual_columns(rows.model) if key.split("__")[0] != link]
    few = list(read_along(display.with_links(rows, user), columns)[:_FEW])
    return {
        "rows": few,
        "columns": columns,
        "lines": [(record_address(row), [(column, column.write(row)) for column in columns]) for row in few],
    }


def _list_address(model: type[Record], link: str, item: Record) -> str:
    """The address of a register's list, filtered to the rows that point to one record."""
    return f"{reverse('web:register', args=[model.table_name()])}?{link}={item.pk}"
