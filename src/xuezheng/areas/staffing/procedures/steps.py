"""The steps of a rotation plan: store it, change placements, decide, write to the registers, revoke."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date, timedelta
from importlib.metadata import version
from typing import Any

from django.db import transaction
from django.utils import timezone

from xuezheng import __version__
from xuezheng.areas.staffing.models import Placement, Rotation, RotationPlan, RotationStep, TeachingSubject
from xuezheng.areas.staffing.procedures import solver
from xuezheng.areas.staffing.procedures.baselines import compare
from xuezheng.areas.staffing.procedures.due import DueLine, assessment_day, list_due
from xuezheng.areas.staffing.procedures.inputs import Season, notes_of
from xuezheng.areas.staffing.procedures.measures import breaches, shortfalls, summarise
from xuezheng.areas.staffing.procedures.problem import Placing, Problem
from xuezheng.areas.staffing.procedures.reasons import reason_of, unmet_wishes
from xuezheng.areas.staffing.procedures.solver import PlanRefused, Solution
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.intake.outcome import SheetCounts
from xuezheng.intake.saving import save
from xuezheng.records.models import Batch, ChainLink, Record, School, StaffMember, User
from xuezheng.records.models.chain import digest
from xuezheng.records.permissions import may

State: Any = RotationPlan.State  # without types of its own, Django's choices look like tuples
#: The states in which a plan is decided and in force.
DECIDED = (State.DECIDED, State.REGISTERED)
_SHORTEST_REASON = 5
_SOURCE = "交流轮岗方案"


def software() -> str:
    """Return the versions on which a result depends, for example "xuezheng 1.2, ortools 9.8"."""
    return f"xuezheng {__version__}, ortools {version('ortools')}"


@transaction.atomic
def keep(season: Season, title: str, problem: Problem, solution: Solution, user: User) -> RotationPlan:
    """Store a computed plan as a draft, with its inputs, its outcome and one placement for each teacher.

    ``title`` is cut to 40 characters. Raises :class:`PlanRefused` if ``user`` has no permission to handle
    rotation.
    """
    _refuse_strangers(user)
    inputs = problem.to_json()
    placing = solution.placing
    plan = RotationPlan.objects.create(
        school_year=season.school_year,
        title=title.strip()[:40] or "方案",
        assessed_on=season.day,
        inputs=inputs,
        inputs_hash=digest(inputs),
        seed=solver.SEED,
        version=software(),
        outcome={
            "stages": [asdict(stage) for stage in solution.stages],
            "comparison": [{"title": name, **asdict(summary)} for name, summary in compare(problem, placing)],
            "notes": notes_of(problem, season),
        },
        result_hash=placing_hash(placing),
        state=State.DRAFT,
        made_by=user,
    )
    names = school_names()
    Placement.objects.bulk_create(
        Placement(
            plan=plan,
            person_id=teacher.person,
            from_school_id=teacher.school,
            to_school_id=placing[teacher.person],
            computed_school_id=placing[teacher.person],
            stage=teacher.stage,
            subject=teacher.subject,
            backbone=teacher.backbone,
            rank=teacher.rank_of(placing[teacher.person]),
            reason=reason_of(problem, placing, teacher),
            unmet=unmet_wishes(problem, placing, teacher, names.__getitem__),
        )
        for teacher in problem.teachers
    )
    moved = summarise(problem, placing).moved
    _record(plan, user, f"编排{len(problem.teachers)}人，安排交流{moved}人")
    return plan


def placing_hash(placing: Placing) -> str:
    """Return the SHA-256 of a placing in hexadecimal; it depends on the teachers who move only."""
    return digest(sorted((person, school) for person, school in placing.items() if school is not None))


def problem_of(plan: RotationPlan) -> Problem:
    """Return the problem that was solved for ``plan``, from its stored inputs."""
    return Problem.from_json(plan.inputs)


def placing_of(plan: RotationPlan) -> dict[int, int | None]:
    """Return where ``plan`` now places each teacher: a dict of person key to school key, or None to stay."""
    return dict(plan.placements.values_list("person", "to_school"))


def school_names() -> dict[int, str]:
    """Return the names of all schools by primary key."""
    return dict(School.objects.values_list("pk", "name"))


@transaction.atomic
def place(pk: int, school: int | None, reason: str, user: User) -> list[str]:
    """Change where a draft places one teacher, and with the teacher the other of a pair.

    ``pk`` is the key of the placement, ``school`` the key of the new school or None to stay, and ``reason``
    text of at least 5 characters. Returns Chinese sentences on required shares that are then missed, [] if
    none is. Raises :class:`PlanRefused` if the user lacks permission, the plan is no draft, nothing would
    change, the reason is too short, or a hard rule would be broken that is not broken now.
    """
    _refuse_strangers(user)
    placement = Placement.objects.select_related("plan", "person").filter(pk=pk).first()
    if placement is None:
        raise PlanRefused("没有这条安排。请刷新页面再试。")
    plan = _locked(placement.plan_id, State.DRAFT)
    if len(reason.strip()) < _SHORTEST_REASON:
        raise PlanRefused(f"调整须写明原因，至少{_SHORTEST_REASON}个字。")
    problem, placing = problem_of(plan), placing_of(plan)
    if placing[placement.person_id] == school:
        raise PlanRefused("与现在的安排相同，没有改动。")
    changed: dict[int, int | None] = {**placing, placement.person_id: school}
    together = {placement.person_id}
    for first, second in problem.pairs:
        if placement.person_id in (first.person, second.person):
            changed |= {first.person: school, second.person: school}
            together = {first.person, second.person}
    refuse_breaches(problem, placing, changed)
    names = school_names()
    for own in Placement.objects.filter(plan=plan, person__in=together):
        own.to_school_id = school
        own.changed_by, own.change_reason = user, reason.strip()[:100]
        own.save(update_fields=["to_school", "changed_by", "change_reason"])
    _explain(plan, problem, changed)
    where = names[school] if school is not None else "不动"
    _record(plan, user, f"人工调整第{placement.pk}号安排：{where}。{reason.strip()[:100]}")
    return missing_sentences(problem, changed)


def refuse_breaches(problem: Problem, before: Placing, after: Placing) -> None:
    """Raise :class:`PlanRefused` if the placing ``after`` breaks a hard rule that ``before`` does not break.

    The text of the exception describes each such rule.
    """
    names = school_names()

    def rules(placing: Placing) -> dict[tuple[str, tuple[int, ...]], str]:
        return {
            (breach.kind, breach.persons): breach.sentence
            for breach in breaches(problem, placing, names.__getitem__)
        }

    known = rules(before)
    if new := [sentence for rule, sentence in rules(after).items() if rule not in known]:
        raise PlanRefused(f"不能这样调整：{''.join(new)}")


def missing_sentences(problem: Problem, placing: Placing) -> list[str]:
    """Return a Chinese sentence for each required share that ``placing`` misses; [] if none."""
    required, missing = problem.requirements, shortfalls(problem, placing)
    moved = summarise(problem, placing).moved
    words = {
        "moved": f"交流人数应不少于符合条件{required.eligible}人的{required.moved}%，即{problem.least_moved}人，现为{moved}人，差{missing['moved']}人。",
        "backbone": f"骨干教师应不少于交流教师的{required.backbone}%，还差{missing['backbone']}人。",
        "rural": f"到乡村学校的应不少于交流教师的{required.rural}%，还差{missing['rural']}人。",
    }
    return [words[name] for name, number in missing.items() if number]


def _explain(plan: RotationPlan, problem: Problem, placing: Placing) -> None:
    """Write the reasons of all placements anew after a change: it may have filled a post, or freed one."""
    names = school_names()
    rows = list(plan.placements.all())
    for row in rows:
        teacher = problem.by_person[row.person_id]
        row.rank = teacher.rank_of(row.to_school_id)
        row.reason = (
            f"人工调整：{row.change_reason}" if row.change_reason else reason_of(problem, placing, teacher)
        )
        row.unmet = unmet_wishes(problem, placing, teacher, names.__getitem__)
    Placement.objects.bulk_update(rows, ["rank", "reason", "unmet"])


@transaction.atomic
def decide(pk: int, decision: str, starts_on: date | None, user: User) -> None:
    """Decide a draft: its placements can no longer be changed.

    ``decision`` names the meeting or document on which the decision rests; ``starts_on`` is the first day at
    the new schools, after the assessment day and at most a year after it. Raises :class:`PlanRefused` if the
    user lacks permission, one of these is missing or invalid, the plan is no draft, another plan of the
    school year is decided, the stored inputs do not match their hash, or a hard rule is broken.
    """
    _refuse_strangers(user)
    plan = _locked(pk, State.DRAFT)
    if not decision.strip():
        raise PlanRefused("请填定案依据，如局长办公会的日期或文号。")
    if starts_on is None or not plan.assessed_on < starts_on <= assessment_day(plan.assessed_on.year + 1):
        raise PlanRefused(f"到岗日期应在认定截止日期{plan.assessed_on}以后一年之内。请改正。")
    if RotationPlan.objects.filter(school_year=plan.school_year, state__in=DECIDED).exists():
        raise PlanRefused(f"{plan.school_year}学年已有定案的方案。要改用这一方案，请先作废那一方案。")
    problem, placing = problem_of(plan), placing_of(plan)
    if digest(plan.inputs) != plan.inputs_hash:
        raise PlanRefused("方案的编排依据与校验值不符，不能定案。请重新编排，并查明谁改过。")
    if broken := list(breaches(problem, placing, school_names().__getitem__)):
        raise PlanRefused(f"不能定案：{''.join(breach.sentence for breach in broken)}")
    changed_hash = placing_hash(placing)
    _move(
        plan, State.DRAFT, State.DECIDED, user, f"{decision.strip()[:60]}；结果校验值{changed_hash}",
        decision=decision.strip()[:60], decided_on=timezone.localdate(), starts_on=starts_on, decided_hash=changed_hash,
    )  # fmt: skip


@transaction.atomic
def register(pk: int, today: date, user: User) -> Batch:
    """Write a decided plan to the registers, and return the batch, which can be undone.

    The batch has a review for each person due without one, the end of the old posts and the new posts, and
    the new school in the register of subjects. Raises :class:`PlanRefused` if the user lacks permission, the
    plan is not in the state "decided", ``today`` is before its first day, or a teacher to be moved no longer
    holds a post at the old school in the register of staff.
    """
    _refuse_strangers(user)
    plan = _locked(pk, State.DECIDED)
    if plan.starts_on is None or today < plan.starts_on:
        raise PlanRefused(f"到岗日期是{plan.starts_on}，到那一天才能登记到岗。")
    wait_for_other_imports()
    moved = {person: school for person, school in placing_of(plan).items() if school is not None}
    ended, started = _moved_posts(plan, moved, plan.starts_on)
    reviewed = _reviews(plan, list_due(plan.assessed_on))
    batch = Batch.objects.create(file_name=f"{plan}", made_by=user)
    _save(Rotation, reviewed, [], batch)
    _save(StaffMember, started, ended, batch)
    taught = list(TeachingSubject.objects.select_for_update().filter(person__in=moved))
    for subject in taught:
        subject.school_id = moved[subject.person_id]
    _save(TeachingSubject, [], taught, batch)
    batch.sheets = [
        _counts("交流轮岗摸底表", len(reviewed), 0),
        _counts("教职工名册", len(started), len(ended)),
        _counts("任教学科表", 0, len(taught)),
    ]
    batch.save(update_fields=["sheets"])
    _move(plan, State.DECIDED, State.REGISTERED, user, f"登记{len(moved)}人到岗，批次{batch.pk}", batch=batch)
    return batch


def _moved_posts(
    plan: RotationPlan, moved: dict[int, int], starts_on: date
) -> tuple[list[StaffMember], list[StaffMember]]:
    """Return the posts that end the day before the plan begins, and those that begin then; raises :class:`PlanRefused` where the register has changed."""
    froms = {teacher.person: teacher.school for teacher in problem_of(plan).teachers}
    present = StaffMember.objects.select_for_update().filter(
        person__in=moved, post_until=None, post_from__lt=starts_on
    )
    ended = {post.person_id: post for post in present.order_by("post_from")}
    changed = [person for person in moved if person not in ended or ended[person].school_id != froms[person]]
    if changed:
        names = "、".join(
            Placement.objects.filter(plan=plan, person__in=changed).values_list("person__name", flat=True)[:5]
        )
        raise PlanRefused(
            f"定案以后，教职工名册中有{len(changed)}人的任职有变化（{names}{'等' if len(changed) > 5 else ''}），没有登记。请先核对名册，或作废方案重新编排。"
        )
    for post in ended.values():
        post.post_until = starts_on - timedelta(days=1)
    started = [
        StaffMember(person_id=person, school_id=school, post=ended[person].post, post_from=starts_on)
        for person, school in sorted(moved.items())
    ]
    return list(ended.values()), started


def _reviews(plan: RotationPlan, lines: Iterable[DueLine]) -> list[Rotation]:
    """Return the reviews of those who are due and have none for the school year yet."""
    reviewed = set(Rotation.objects.filter(school_year=plan.school_year).values_list("person", flat=True))
    wishing = {teacher.person for teacher in problem_of(plan).teachers if teacher.wishes}
    return [
        Rotation(
            person_id=line.person, school_year=plan.school_year, school_id=line.tenure.school,
            assessed_on=plan.assessed_on, volunteered=line.person in wishing,
        )
        for line in lines
        if line.due and line.person not in reviewed
    ]  # fmt: skip


def _counts(sheet: str, added: int, changed: int) -> dict[str, Any]:
    return asdict(SheetCounts(sheet, submitted=added + changed, added=added, changed=changed))


def _save(model: type[Record], fresh: list[Any], changed: list[Any], batch: Batch) -> None:
    for row, record in enumerate([*fresh, *changed], start=1):
        record.batch_id, record.source_sheet, record.source_row = batch.pk, _SOURCE, row
    save(model, fresh, changed, batch)


@transaction.atomic
def revoke(pk: int, reason: str, user: User) -> None:
    """Revoke a plan in any state, for a ``reason`` of at least 5 characters.

    Raises :class:`PlanRefused` if the user lacks permission, the plan does not exist or is revoked already,
    the reason is too short, or its batch in the registers has not been undone.
    """
    _refuse_strangers(user)
    plan = RotationPlan.objects.select_for_update().filter(pk=pk).first()
    if plan is None or plan.state == State.REVOKED:
        raise PlanRefused("没有这个方案，或者已经作废。请刷新页面再看。")
    if len(reason.strip()) < _SHORTEST_REASON:
        raise PlanRefused(f"作废须写明原因，至少{_SHORTEST_REASON}个字。")
    if plan.state == State.REGISTERED and plan.batch is not None and plan.batch.undone_at is None:
        raise PlanRefused(f"方案已登记到岗（批次{plan.batch_id}）。请先撤销这一批次，再作废方案。")
    _move(plan, plan.state, State.REVOKED, user, reason.strip()[:200])


def _refuse_strangers(user: User) -> None:
    if not may(user, "handle", "staffing.rotation"):
        raise PlanRefused("您的账号不能办理交流轮岗。请由人事科室或办公室办理。")


def _locked(pk: int, state: str) -> RotationPlan:
    plan: RotationPlan | None = RotationPlan.objects.select_for_update().filter(pk=pk).first()
    if plan is None:
        raise PlanRefused("没有这个方案。请刷新页面再试。")
    if plan.state != state:
        raise PlanRefused(f"这个方案现为“{plan.get_state_display()}”，不能办这一步。请刷新页面再看。")
    return plan


def _move(plan: RotationPlan, before: str, after: str, user: User, note: str, **further: Any) -> None:
    """Move a plan that is still in a state to another, and record the step."""
    if RotationPlan.objects.filter(pk=plan.pk, state=before).update(state=after, **further) != 1:
        raise PlanRefused(f"这个方案现为“{plan.get_state_display()}”，不能办这一步。请刷新页面再看。")
    plan.refresh_from_db()
    _record(plan, user, note)


def _record(plan: RotationPlan, user: User, note: str) -> None:
    step = RotationStep.objects.create(plan=plan, after=plan.state, by=user, note=note[:300])
    ChainLink.objects.append("staffing.rotation_step", [step.pk])
