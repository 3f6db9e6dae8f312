"""The registers: the list of any, and the page of any record."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Field
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods
from django_tables2 import RequestConfig

from xuezheng import registry
from xuezheng.records import models as records
from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import id_number_in
from xuezheng.records.models import Record, User
from xuezheng.web import display, looks
from xuezheng.web.filters import filter_of
from xuezheng.web.forms import StaleError, form_of
from xuezheng.web.histories import changes
from xuezheng.web.pages import doors
from xuezheng.web.tables import record_address, table_of

PER_PAGE = 30
_FEW = 8


class Register(NamedTuple):
    """A register as the overview shows it."""

    name: str
    title: str
    rows: int


@require_GET
def registers(request: HttpRequest) -> HttpResponse:
    """Show all registers with the number of rows that the reader may see."""
    groups: dict[str, list[Register]] = {}
    for name, model in records.registers().items():
        visible = model.objects.visible_to(request.user)
        if visible.query.is_empty():
            continue
        area = registry.areas().get(model._meta.app_label)
        register = Register(name, str(model._meta.verbose_name), visible.count())
        groups.setdefault(area.title if area else "基础台账", []).append(register)
    return render(request, "web/registers.html", {"groups": groups})


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, model: str) -> HttpResponse:
    """Show a register's list; a POST looks up one ID number, which must not stand in an address."""
    record_model: Any = _model(model)
    if request.method == "POST":
        return _look_up(request, record_model)
    if id_number_in(request.GET.get("q", "").strip()):
        messages.warning(request, "为保护隐私，身份证件号不能写在网址里。请在查找框里输入完整号码后按回车。")
        return redirect("web:register", model)
    visible = record_model.objects.visible_to(request.user)
    if visible.query.is_empty():
        raise PermissionDenied
    rows = display.with_links(visible, request.user)
    if not rows.ordered:
        rows = rows.order_by("pk")
    filtered = filter_of(record_model)(request.GET, queryset=rows, request=request)
    if filtered.form.is_valid():
        found = filtered.qs
    else:
        messages.warning(request, "筛选条件看不懂，没有列出任何记录。请重新选择。")
        found = rows.none()
    table = table_of(record_model)(found)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    looks.note(
        request,
        f"台账：{record_model._meta.verbose_name}",
        "查询台账",
        looks.persons_in(row.record for row in table.paginated_rows),
    )
    context = {
        "name": model,
        "title": record_model._meta.verbose_name,
        "filter": filtered,
        "table": table,
        "by_number": display.person_path(record_model) is not None,
    }
    return render(request, "web/register_list.html" if request.htmx else "web/register.html", context)


def _look_up(request: HttpRequest, model: type[Record]) -> HttpResponse:
    path = display.person_path(model)
    number = id_number_in(request.POST.get("number", "").strip())
    rows = model.objects.none()
    if path is not None and number:
        by_hash = {f"{path}id_number_hash": keyed_hash(number)}
        rows = model.objects.visible_to(request.user).filter(**by_hash)
    first = list(rows[:2])
    if len(first) == 1:
        return redirect(record_address(first[0]))
    if first:
        link = (path or "").removesuffix("__")
        return redirect(_list_address(model, link, getattr(first[0], link)))
    messages.warning(request, f"{model._meta.verbose_name}里没有这个证件号，或不在您的范围内。请核对号码。")
    return redirect("web:register", model.table_name())


def may_edit(user: User, model: type[Record]) -> bool:
    """Whether the person may change a register by hand: the office any, a section those that its own sheets fill."""
    if user.sees_all:
        return True
    own = [sheet for sheet in registry.sheets().values() if sheet.area == user.section]
    return user.role == User.Role.SECTION and any(model in sheet.fills for sheet in own)


@never_cache
@require_http_methods(["GET", "POST"])
def record(request: HttpRequest, model: str, pk: int) -> HttpResponse:
    """Show a record with where it came from, what belongs to it and how it changed; a POST changes it."""
    record_model: Any = _model(model)
    visible = display.with_links(record_model.objects.visible_to(request.user), request.user)
    item = get_object_or_404(visible.select_related("batch"), pk=pk)
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
                messages.error(request, "这条记录刚被别人改过，您的更改没有保存。请看过新的内容后再改。")
            else:
                messages.success(request, "已保存，并记入更改记录。")
            return redirect("web:record", model, pk)
        # What the form wrote into the record is not saved: show the record as it stands.
        item = visible.select_related("batch").get(pk=pk)
    related = list(_related(request, item))
    persons = looks.persons_in([item, *(row for list_ in related for row in list_["rows"])])
    looks.note(request, f"记录：{record_model._meta.verbose_name}", "查看记录", persons)
    context = {
        "name": model,
        "title": record_model._meta.verbose_name,
        "record": item,
        "may_see_looks": may_edit(request.user, record_model) and looks.persons_in([item]),
        "label": display.label(item),
        "fields": list(_fields(request, item)),
        "related": related,
        "changes": changes(item, request.user),
        "form": form,
        "doors": doors(item, request.user),
    }
    return render(request, "web/record.html", context)


class Shown(NamedTuple):
    """One field of a record's page; ``address`` is that of the record it points to, ``of`` the field of the register."""

    title: str
    text: str
    address: str | None
    of: Field | None = None


def _fields(request: HttpRequest, item: Record) -> Any:
    for field in display.shown_fields(type(item)):
        address = None
        other = getattr(item, field.name, None) if display.is_link(field) else None
        if other is not None and display.can_see(request.user, other):
            address = record_address(other)
        yield Shown(display.header(field), display.write(item, field), address, field)
        if other is not None and display.person_path(type(other)) == "":
            yield Shown("身份证件号", other.masked_id_number, None)


def _related(request: HttpRequest, item: Record) -> Any:
    """Yield the lists of records that point to this one, each with the first few rows."""
    for relation in item._meta.related_objects:
        other = relation.related_model
        if not issubclass(other, Record):
            continue
        rows = other.objects.visible_to(request.user).filter(**{relation.field.name: item.pk})
        count = rows.count()
        if not count:
            continue
        few = list(display.with_links(rows, request.user)[:_FEW])
        table = table_of(other, without=relation.field.name)(few, orderable=False)
        more = _list_address(other, relation.field.name, item) if count > _FEW else None
        yield {"title": other._meta.verbose_name, "count": count, "table": table, "rows": few, "all": more}


def _list_address(model: type[Record], link: str, item: Record) -> str:
    """The address of a register's list, held to the rows that point to one record."""
    return f"{reverse('web:register', args=[model.table_name()])}?{link}={item.pk}"


def _model(name: str) -> type[Record]:
    try:
        return records.register(name)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None
