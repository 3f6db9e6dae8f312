"""Writes a plan to pass the evaluation as an Excel file or a Word annex."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.procedures.gap_plan import Costs
from xuezheng.areas.balance.procedures.plan_record import (
    BASELINE,
    KINDS,
    WrittenPlan,
    WrittenResult,
    amounts_of,
    planned,
    read_inputs,
    read_result,
)
from xuezheng.areas.balance.procedures.resources import ALL_STAGES, BY_KEY, INDICATORS, Resources
from xuezheng.areas.balance.procedures.verdict import judge
from xuezheng.core.atomic_files import written_whole
from xuezheng.records.models import Stage
from xuezheng.reports.forms import FormTable, table_blocks, write_tables
from xuezheng.reports.model import Paragraph
from xuezheng.reports.word import landscape
from xuezheng.reports.word.document import plain, save
from xuezheng.snapshots import Snapshot

METHOD = (
    "在各校综合达标、各项差异系数不超过上限的条件下，使费用最少。学生数不变；一校几个学段共用的设施按学生数和权重分摊，"
    "增加的设施属于全校。高于规定学历、骨干、体育艺术三类教师分别计算：调动或增加一名教师可能同时改善几项，须对照人事台账安排，"
    "实际费用只会更少。费用是本局的设置。"
)


def write_plan_workbook(row: GapPlan, path: Path) -> None:
    """Write a plan to the Excel file ``path``: costs, additions, moves and the schools afterwards."""
    with written_whole(path) as temporary:
        write_tables(
            _tables(row),
            str(row),
            f"快照{row.snapshot}，输入校验值{row.inputs_hash[:16]}。{METHOD}",
            temporary,
        )


def write_plan_document(row: GapPlan, path: Path) -> None:
    """Write a plan to ``path``, as a Word annex.

    It opens the snapshot from which the plan was computed, so that this must still exist.
    """
    snapshot = Snapshot.open(row.snapshot)
    basis = Paragraph((f"数据截至{snapshot.day}。{METHOD}",))
    blocks = [basis, *table_blocks(_tables(row))]
    document = plain(f"{row.year}年优质均衡达标方案", snapshot.district["bureau_name"], snapshot.day, blocks)
    landscape.turn(document)
    save(document, path)


def _tables(row: GapPlan) -> list[FormTable]:
    resources, standards, costs, _ = read_inputs(row.inputs)
    result = read_result(row.result)
    chosen = result["plans"]["chosen"]
    after = judge(resources.with_added(planned(row)), standards)
    effect = tuple(
        (
            school.row.name,
            Stage(school.row.stage).label,
            *(f"{float(cell.value or 0):.2f}" for cell in school.cells),
            str(school.reached),
        )
        for school in after.schools
    )
    return [
        FormTable("费用比较", ("方案", "费用（万元）", "说明"), tuple(_costs(result))),
        FormTable("增加", ("学校", "范围", "资源", "数量", "单位", "费用（万元）"), tuple(_added(chosen, resources, costs))),
        FormTable("调动教师", ("学校", "学段", "教师", "调入", "调出"), tuple(_moved(chosen, resources))),
        FormTable("实施后各校", ("学校", "学段", *(each.name for each in INDICATORS), "达标项数"), effect),
    ]  # fmt: skip


def _costs(result: WrittenResult) -> Iterator[tuple[str | None, ...]]:
    for name, each in result["plans"].items():
        if refusal := each.get("refusal"):
            yield KINDS[name], None, refusal
        else:
            sure = "已证明最优" if each["proven"] else f"与下界相差{float(each['gap']):.2%}"
            yield KINDS[name], _wan(Fraction(each["cost"])), sure
    baseline = result["baseline"]
    about = "能通过" if baseline["passes"] else "仍不能通过：差异系数有的超过上限"
    yield BASELINE, _wan(Fraction(baseline["cost"])), about


def _added(chosen: WrittenPlan, resources: Resources, costs: Costs) -> Iterator[tuple[str, ...]]:
    for (school, stage, key), units in amounts_of(chosen["additions"]).items():
        label = "全校" if stage == ALL_STAGES else Stage(stage).label
        indicator = BY_KEY[key]
        count = str(int(units)) if indicator.integer else f"{float(units):.2f}"
        name = resources.schools[school].name
        yield name, label, indicator.resource, count, indicator.counter, _wan(units * costs.units[key])


def _moved(chosen: WrittenPlan, resources: Resources) -> Iterator[tuple[str, ...]]:
    for (school, stage, key), number in amounts_of(chosen["moves"]).items():
        moved = (str(int(number)), "") if number > 0 else ("", str(int(-number)))
        yield resources.schools[school].name, Stage(stage).label, BY_KEY[key].resource, *moved


def _wan(yuan: Fraction) -> str:
    return f"{float(yuan / 10_000):.2f}"
