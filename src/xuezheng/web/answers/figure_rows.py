"""The records from which a figure was computed, limited to those that the user may see."""

from datetime import date
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
from django.core.paginator import Paginator

from xuezheng.core import number_text
from xuezheng.figures import Rows, parse_slice
from xuezheng.records.models import Record, User
from xuezheng.records.permissions import permits
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.display import record_address

PER_PAGE = 20
_GONE = "（已不在台账）"
_OF_REQUIREMENTS = ("part", "note")


class Column(NamedTuple):
    """A column of the snapshot that the figure reads.

    ``name`` is the column's name in the snapshot, ``title`` its Chinese title. ``names`` are Chinese names by
    value, empty for a column without choices. ``money`` is True where values are amounts in fen.
    """

    name: str
    title: str
    names: dict[Any, str]
    money: bool

    def write(self, value: Any) -> str:
        """Return one value of the column as Chinese text, amounts in yuan; "—" for None."""
        if value is None:
            return display.NOTHING
        if self.names:
            return self.names.get(value, str(value))
        if self.money:
            return number_text.write(value, "元", "yuan", money=True)
        if isinstance(value, bool):
            return "是" if value else "否"
        return value.isoformat() if isinstance(value, date) else str(value)


class Line(NamedTuple):
    """One row: the name of the record, the address of its page, and its values in the snapshot as texts.

    ``address`` is None where the record was removed or the user may not see it.
    """

    label: str
    address: str | None
    cells: list[str]


class RowsPage:
    """One page of the records from which a figure was computed, each with the values that the snapshot has.

    ``columns`` and ``lines`` are what the page shows, ``count`` is the number of all rows, and ``hidden``
    that of the rows that the user may not see. The query parameter ``page`` selects the page of ``PER_PAGE``
    rows. Creating it writes the shown persons to the access log.
    """

    def __init__(self, request: UserRequest, snapshot: Snapshot, rows: Rows) -> None:
        self.count = rows.count
        table = visible(rows, request.user)
        self.hidden = self.count - table.num_rows
        self.page = Paginator(range(table.num_rows), PER_PAGE).get_page(request.GET.get("page"))
        shown = table.slice(max(self.page.start_index() - 1, 0), PER_PAGE)
        if rows.model is None:
            self.title = rows.columns["title"].title
            self.columns = [
                Column(name, column.title, dict(column.choices), column.money)
                for name, column in rows.columns.items()
                if name in _OF_REQUIREMENTS
            ]
            self.lines = [self._requirement(row) for row in shown.to_pylist()]
        else:
            self.title = str(rows.model._meta.verbose_name)
            self.columns = list(_columns(snapshot, rows.model, rows))
            self.lines = self._lines(request, shown, rows.model)

    def _requirement(self, row: dict[str, Any]) -> Line:
        """Return a judged requirement, with the address of the figure that shows the rows behind it."""
        slice_ = parse_slice(row["slice"])
        address = figure_address(row["figure"], row["period"], slice_) if row["figure"] else None
        return Line(row["title"], address, [column.write(row[column.name]) for column in self.columns])

    def _lines(self, request: UserRequest, table: pa.Table, model: type[Record]) -> list[Line]:
        frozen = table.to_pylist()
        visible = model.objects.visible_to(request.user)
        records = display.with_links(visible, request.user).in_bulk([row["id"] for row in frozen])
        access_log.note(
            request, f"指标的来源行：{self.title}", "核对指标的来源", access_log.persons_in(records.values())
        )
        lines = []
        for row in frozen:
            record = records.get(row["id"])
            cells = [column.write(row[column.name]) for column in self.columns]
            if record is None:
                lines.append(Line(_GONE, None, cells))
            else:
                lines.append(Line(display.label(record), record_address(record), cells))
        return lines


def visible(rows: Rows, user: User) -> pa.Table:
    """Return the rows of a figure, as an Arrow table, that a user may see."""
    if rows.model is None:
        return rows.table if permits(user, "see", rows.matter) else rows.table.slice(0, 0)
    records = rows.model.objects.visible_to(user)
    if not records.query.where:
        return rows.table
    keys = pa.array(list(records.values_list("pk", flat=True)), rows.table.schema.field("id").type)
    return rows.table.filter(pc.is_in(rows.table["id"], value_set=keys))


def _columns(snapshot: Snapshot, model: type[Record], rows: Rows) -> Any:
    known = snapshot.columns(model.table_name())
    for name in rows.table.column_names:
        if name == "id" or name not in known:
            continue
        column = known[name]
        names: dict[Any, str] = dict(column.choices)
        if column.register:
            # A person has no name in a snapshot: the record's own label shows it to those who may see it.
            names = dict(snapshot.names(column.register))
            if not names:
                continue
        yield Column(name, column.label.split("：")[0], names, column.money)
