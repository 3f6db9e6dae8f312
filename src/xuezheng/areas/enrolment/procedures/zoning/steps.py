"""The steps of a zone plan: create, compute, change by hand, decide by a second person, revoke."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.utils import timezone

from xuezheng.areas.enrolment.models import SchoolZone, ZonePlan, ZoneStep
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.zoning.frozen import (
    hash_result,
    read_problem,
    write_problem,
)
from xuezheng.areas.enrolment.procedures.zoning.inputs import read_inputs
from xuezheng.areas.enrolment.procedures.zoning.problem import Problem
from xuezheng.areas.enrolment.procedures.zoning.solver import solve
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.intake.outcome import SheetCounts
from xuezheng.intake.saving import save
from xuezheng.records.models import Batch, ChainLink, Record, User
from xuezheng.records.permissions import may

State: Any = ZonePlan.State  # without types of its own, Django's choices look like tuples
_SHORTEST = 5  # characters of a reason


class ZoningRefused(Exception):
    """A step of a zone plan cannot be taken, and nothing was changed.

    The text is a Chinese sentence for the user.
    """


@transaction.atomic
def create(stage: str, year: int, user: User) -> ZonePlan:
    """Create a plan for ``stage`` and ``year``, with the present data of the registers as frozen inputs.

    Raises :class:`ZoningRefused` if the user has no permission, or the registers lack something.
    """
    _refuse_strangers(user)
    inputs = read_inputs(stage, year)
    if inputs.problem is None:
        raise ZoningRefused(f"还不能排：{inputs.gaps[0]}共{len(inputs.gaps)}项，见下表。")
    text = write_problem(inputs.problem)
    plan: ZonePlan = ZonePlan.objects.create(
        stage=stage, year=year, inputs=text, inputs_hash=hash_of(text), made_by=user, edited_by=user
    )
    _record(plan, user, f"固定数据，校验值{plan.inputs_hash}")
    return plan


def compute(
    pk: int,
    user: User,
    progress: Callable[[str, int, int], None] = lambda *args: None,
    closing: Callable[[], None] = lambda: None,
) -> ZonePlan:
    """Compute the plan with the primary key ``pk``, keeping its locked communities at their schools.

    ``progress`` is called with a Chinese title, the number of steps done, and of all steps; ``closing`` is
    called last in the transaction that stores the result. Raises :class:`ZoningRefused` if the user has no
    permission, or the plan does not exist, is no draft, or was changed during the computation.
    """
    plan = _get(pk)
    _refuse_strangers(user)
    problem = read_problem(plan.inputs)
    if plan.state != State.DRAFT:
        raise ZoningRefused(f"这个方案{plan.get_state_display()}，不能再排。")
    locked = {place: plan.assignment[place] for place in plan.locked}
    solution = solve(problem, locked, progress)
    with transaction.atomic():
        _change(
            plan, user, f"排出方案，锁定{len(locked)}个社区（村）",
            computed=list(solution.assignment), computed_locked=sorted(locked), assignment=list(solution.assignment),
            levels=[[level.title, level.value, level.bound] for level in solution.levels],
        )  # fmt: skip
        closing()
    return plan


@transaction.atomic
def save_moves(pk: int, version: int, moves: Mapping[int, int], locked: list[int], user: User) -> ZonePlan:
    """Save changes made by hand to a computed draft.

    ``moves`` maps the index of a community to that of its new school; ``locked`` has the indexes of all
    communities to be locked. Raises :class:`ZoningRefused` if the user has no permission, or the plan is not
    computed, is no draft or no longer has the version ``version``.
    """
    plan = _get(pk)
    _refuse_strangers(user)
    if plan.version != version:
        raise ZoningRefused("这个方案刚被别人改过，您的改动没有保存。请在新的页面上再改。")
    if not plan.assignment:
        raise ZoningRefused("方案还没有排出，不能改动。请先排方案。")
    assignment = [moves.get(place, school) for place, school in enumerate(plan.assignment)]
    moved = sum(before != after for before, after in zip(plan.assignment, assignment, strict=True))
    note = f"手工改划{moved}个社区（村），锁定{len(locked)}个"
    _change(plan, user, note, assignment=assignment, locked=sorted(locked))
    return plan


@transaction.atomic
def decide(pk: int, version: int, decision: str, user: User) -> ZonePlan:
    """Decide a computed draft, and write its zones to the register as a batch that can be undone.

    ``decision`` names the basis, in at least 5 characters. A community that already has a zone of the year
    gets the decided one. Raises :class:`ZoningRefused` if the user created or last edited the plan or has no
    permission, the plan is not computed, is no draft or no longer has the version ``version``, the decision
    is too short, or a community has several zones of the year.
    """
    wait_for_other_imports()
    plan = _get(pk)
    if not all(may(user, "decide", "enrolment.zone_plan", made_by=each) for each in (plan.made_by_id, plan.edited_by_id)):  # fmt: skip
        raise ZoningRefused("您的账号不能决定这个方案：须由编制和改动方案以外的人登记决定。")
    if plan.version != version:
        raise ZoningRefused("这个方案刚被改过，没有决定。请看过新的方案再决定。")
    if not plan.assignment:
        raise ZoningRefused("方案还没有排出，不能决定。请先排方案。")
    decision = _reason(decision, "决定依据")
    batch = _write_zones(plan, read_problem(plan.inputs), user)
    result = hash_result(plan.inputs_hash, plan.assignment)
    _change(
        plan, user, f"决定：{decision}。写入划片，批次{batch.pk}，结果校验值{result}",
        state=State.DECIDED, decision=decision, decided_by=user, decided_at=timezone.now(), batch=batch, result_hash=result,
    )  # fmt: skip
    return plan


@transaction.atomic
def revoke(pk: int, reason: str, user: User) -> ZonePlan:
    """Revoke a plan, for a ``reason`` of at least 5 characters.

    Raises :class:`ZoningRefused` if the user has no permission, the plan does not exist or is revoked
    already, its batch in the register has not been undone, or the reason is too short.
    """
    plan = _get(pk)
    _refuse_strangers(user)
    if plan.state == State.REVOKED:
        raise ZoningRefused("这个方案已经作废。")
    if plan.batch and plan.batch.undone_at is None:
        raise ZoningRefused(f"方案已写入划片。请先撤销批次{plan.batch_id}，再作废方案。")
    _change(plan, user, f"作废：{_reason(reason, '作废原因')}", before=plan.state, state=State.REVOKED)
    return plan


def _write_zones(plan: ZonePlan, problem: Problem, user: User) -> Batch:
    """Write the zones of a plan; raises :class:`ZoningRefused` where a community has several zones of the year."""
    existing: dict[str, list[SchoolZone]] = {}
    rows = SchoolZone.objects.select_for_update().filter(stage=plan.stage, year=plan.year)
    for row in rows.order_by("pk"):
        existing.setdefault(row.community, []).append(row)
    fresh: list[Record] = []
    changed: list[Record] = []
    for about, school in zip(problem.communities, plan.assignment, strict=True):
        own, key = existing.get(about.name, []), problem.schools[school].key
        if len(own) > 1:
            raise ZoningRefused(
                f"{about.name}在{plan.year}年已划给{len(own)}所学校，不知道改哪一条。请先在“学区划片”台账中更正。"
            )
        if not own:
            fresh.append(SchoolZone(school_id=key, stage=plan.stage, year=plan.year, community=about.name, children=about.children))  # fmt: skip
        elif (own[0].school_id, own[0].children) != (key, about.children):
            own[0].school_id, own[0].children = key, about.children
            changed.append(own[0])
    written = len(problem.communities)
    counts = SheetCounts(
        str(SchoolZone._meta.verbose_name), submitted=written, added=len(fresh), changed=len(changed),
        unchanged=written - len(fresh) - len(changed),
    )  # fmt: skip
    batch = Batch.objects.create(
        file_name=str(plan), made_by=user, reason=f"按{plan}的决定", sheets=[asdict(counts)]
    )
    for zone in fresh:
        zone.batch = batch
    save(SchoolZone, fresh, changed, batch)
    return batch


def _refuse_strangers(user: User) -> None:
    if not may(user, "handle", "enrolment.zone_plan"):
        raise ZoningRefused("您的账号不能编制划片方案。请由基础教育科室或办公室办理。")


def _get(pk: int) -> ZonePlan:
    plan: ZonePlan | None = ZonePlan.objects.select_related("batch").filter(pk=pk).first()
    if plan is None:
        raise ZoningRefused("没有这个划片方案。请刷新页面再试。")
    return plan


def _reason(text: str, title: str) -> str:
    text = text.strip()
    if len(text) < _SHORTEST:
        raise ZoningRefused(f"须写明{title}，至少{_SHORTEST}个字。")
    return text[:200]


def _change(plan: ZonePlan, user: User, note: str, before: str = State.DRAFT, **further: Any) -> None:
    """Change a plan that is still in a state and of its version, and record the step."""
    if further.get("state") is None:
        further["edited_by"] = user
    unchanged = ZonePlan.objects.filter(pk=plan.pk, state=before, version=plan.version)
    if unchanged.update(version=plan.version + 1, **further) != 1:
        plan.refresh_from_db()
        raise ZoningRefused(
            f"这个方案现为“{plan.get_state_display()}”第{plan.version}版，没有办这一步。请刷新页面再看。"
        )
    plan.refresh_from_db()
    _record(plan, user, note)


def _record(plan: ZonePlan, user: User, note: str) -> None:
    step = ZoneStep.objects.create(plan=plan, version=plan.version, state=plan.state, by=user, note=note)
    ChainLink.objects.append("enrolment.zone_step", [step.pk])
