"""All operations of the JSON interface."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator

from xuezheng import registry
from xuezheng.api.declare import (
    Operation,
    Parameter,
    Query,
    Refused,
    Scope,
    anything,
    integer,
    many,
    number,
    text,
    texts,
    thing,
)
from xuezheng.core.periods import Period
from xuezheng.figures import AnyFigure, catalogue, is_reported, parse_slice
from xuezheng.plans import progress
from xuezheng.records.models import Person
from xuezheng.records.switches import unused
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import ids
from xuezheng.web.answers import figure_rows, newest_snapshot
from xuezheng.web.security import access_log
from xuezheng.web.ui import display

ROWS_PER_PAGE = 100
_KEY = Parameter("key", "指标代码，见指标目录", "aid.registered_poor_pupils", required=True)
_PERIOD = Parameter(
    "period",
    "时期：2019H1、2019、2019春、2018-2019、2019-05、2019-01..2019-05、2019-09-01（某一天）",
    "2019H1",
    required=True,
)
_WHERE = Parameter("where", "只看一部分，写作“维度=值”，多个用逗号隔开", "phase=compulsory")
_SNAPSHOT = Parameter("snapshot", "快照编号；不写用该时期末前后生成的最新一个", "")
_ID = Parameter("snapshot", "快照编号，见快照列表", "", required=True)


def _figure(query: Query) -> tuple[AnyFigure, Snapshot, Period, dict[str, str]]:
    """Return the figure, the snapshot, the period and the slice (member by dimension) that a query names."""
    figure = catalogue.figure(query.params["key"])
    if not is_reported(figure, unused()):
        raise Refused(404, f"本单位未启用“{figure.label}”所在的业务或台账。请联系系统管理员。")
    snapshot, period = _time(query)
    return figure, snapshot, period, parse_slice(query.params.get("where", ""))


def _time(query: Query) -> tuple[Snapshot, Period]:
    period = Period.parse(query.params["period"])
    chosen = query.params.get("snapshot")
    return (Snapshot.open(chosen) if chosen else Snapshot.for_period(period)), period


def _catalogue(query: Query) -> Any:
    areas = registry.areas()
    return [
        {
            "key": key,
            "label": figure.label,
            "unit": figure.unit,
            "section": areas[figure.area].section,
            "definition": figure.definition,
            "dimensions": list(figure.by),
        }
        for key, figure in catalogue.reported_figures(unused()).items()
    ]


def _values(query: Query) -> Any:
    figure, snapshot, period, slice_ = _figure(query)
    by = [name.strip() for name in query.params.get("by", "").split(",") if name.strip()]
    answers = figure.breakdown(snapshot, period, by, **slice_)
    return {
        "period": period.key,
        "snapshot": snapshot.id,
        "dimensions": {
            name: {"label": dimension.label, "members": dict(dimension.members)}
            for name, dimension in figure.dimensions(snapshot).items()
        },
        "values": [
            answer.as_object() | {"absence": answer.absence and answer.absence.value} for answer in answers
        ],
    }


def _rows(query: Query) -> Any:
    _, snapshot, period, slice_ = _figure(query)
    rows = newest_snapshot.rows(snapshot, query.params["key"], period, slice_)
    shown = figure_rows.visible(rows, query.user)
    page = Paginator(range(shown.num_rows), ROWS_PER_PAGE).get_page(query.params.get("page"))
    lines = shown.slice(max(page.start_index() - 1, 0), ROWS_PER_PAGE).to_pylist()
    known: dict[Any, Any] = {}
    persons: dict[int, Person] = {}
    if rows.model is not None:
        records = rows.model.objects.visible_to(query.user)
        known = display.with_links(records, query.user).in_bulk([line["id"] for line in lines])
        persons = Person.objects.in_bulk(access_log.persons_in(known.values()))
        query.note(f"指标的来源行：{rows.model._meta.verbose_name}", set(persons))
    return {
        "register": rows.model.table_name() if rows.model else "",
        "snapshot": snapshot.id,
        "count": rows.count,
        "hidden": rows.count - shown.num_rows,
        "page": page.number,
        "pages": page.paginator.num_pages,
        "columns": {name: column.title for name, column in rows.columns.items()},
        "rows": [
            rows.as_object(line) | {"person": _masked(known.get(line.get("id")), persons)} for line in lines
        ],
    }


def _masked(record: Any, persons: dict[int, Person]) -> str | None:
    """Return the first person a record is about as text: the surname and the masked ID number; None for a record about nobody."""
    keys = sorted(access_log.persons_in([record]))
    if not keys:
        return None
    person = persons[keys[0]]
    return f"{person.name[0]}{'*' * (len(person.name) - 1)} {person.masked_id_number}"


def _snapshots(query: Query) -> Any:
    snapshots = [Snapshot.open(name) for name in reversed(ids())]
    return [
        {
            "id": snapshot.id,
            "day": snapshot.day,
            "frozen_at": snapshot.frozen_at,
            "tables": len(snapshot.tables),
        }
        for snapshot in snapshots
    ]


def _manifest(query: Query) -> Any:
    return Snapshot.open(query.params["snapshot"]).manifest


def _plan(query: Query) -> Any:
    snapshot, period = _time(query)
    items = progress.plan(snapshot, period)
    return {
        "period": period.key,
        "snapshot": snapshot.id,
        "items": [item.as_object() | {"measures": item.measures} for item in items],
    }


_TARGET = thing(
    title=text("目标"),
    section=text("责任科室"),
    due_on=text("时限", format="date"),
    figure=text("指标代码", nullable=True),
    slice=texts("指标范围"),
    operator={"type": "string", "enum": ["at_least", "at_most", "equals"], "description": "比较"},
    target=number("目标值，金额以元计"),
    value=number("现值；没有数据为空"),
    state=text("状态"),
)
OPERATIONS = (
    Operation(
        "figures",
        "figures/",
        "指标目录",
        "所有指标：代码、名称、单位、主管科室、口径，可按哪些维度分。",
        Scope.FIGURES,
        (),
        many(
            thing(
                key=text("指标代码"),
                label=text("名称"),
                unit=text("单位"),
                section=text("主管科室"),
                definition=text("口径"),
                dimensions=many(text("维度")),
            )
        ),
        _catalogue,
    ),
    Operation(
        "values",
        "figures/{key}/",
        "一个指标的数",
        "合计，再按所要的维度逐级细分。金额以元计，百分数带一位小数。",
        Scope.FIGURES,
        (_KEY, _PERIOD, Parameter("by", "按哪些维度分，多个用逗号隔开", "phase"), _WHERE, _SNAPSHOT),
        thing(
            period=text("时期"),
            snapshot=text("快照编号"),
            dimensions=anything("维度的名称和各值的名称"),
            values=many(
                thing(
                    figure=text("指标代码"),
                    label=text("名称"),
                    unit=text("单位"),
                    slice=texts("范围：维度和值"),
                    value=number("数；没有数据或不适用为空"),
                    text=text("写法"),
                    absence=text("没有数的原因：无数据、不适用", nullable=True),
                )
            ),
        ),
        _values,
    ),
    Operation(
        "rows",
        "figures/{key}/rows/",
        "一个指标的来源行",
        f"计入这个数的每一行，一页{ROWS_PER_PAGE}行。只给令牌主人看得到的行，其余只计数；姓名只留姓，证件号遮盖。每次读取都记入查阅记录。",
        Scope.ROWS,
        (_KEY, _PERIOD, _WHERE, Parameter("page", "第几页", "1", schema={"type": "integer"}), _SNAPSHOT),
        thing(
            register=text("台账"),
            snapshot=text("快照编号"),
            count=integer("共多少行"),
            hidden=integer("其中看不到的行"),
            page=integer("第几页"),
            pages=integer("共几页"),
            columns=texts("各列的名称"),
            rows=many(anything("各列的值；金额以元计；person是行所属的人")),
        ),
        _rows,
    ),
    Operation(
        "snapshots",
        "snapshots/",
        "快照列表",
        "所有快照，新的在前。",
        Scope.SNAPSHOTS,
        (),
        many(
            thing(
                id=text("编号"),
                day=text("快照是哪一天的", format="date"),
                frozen_at=text("何时生成", format="date-time", nullable=True),
                tables=integer("表数"),
            )
        ),
        _snapshots,
    ),
    Operation(
        "manifest",
        "snapshots/{snapshot}/",
        "快照的清单",
        "一个快照里的表、列、政策和各文件的SHA-256，据此可以核对文件没有被改动。",
        Scope.SNAPSHOTS,
        (_ID,),
        anything("清单"),
        _manifest,
    ),
    Operation(
        "plan",
        "plan/",
        "半年计划",
        "各项任务和目标，目标的现值由指标算出。",
        Scope.PLAN,
        (_PERIOD, _SNAPSHOT),
        thing(
            period=text("时期"),
            snapshot=text("快照编号"),
            items=many(
                thing(
                    number=integer("序号"),
                    title=text("任务"),
                    section=text("责任科室"),
                    due_on=text("时限", format="date"),
                    measures=text("主要措施"),
                    state=text("状态"),
                    targets=many(_TARGET),
                )
            ),
        ),
        _plan,
    ),
)
