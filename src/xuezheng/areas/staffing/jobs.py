"""Background jobs for rotation plans: compute a plan, recompute one to verify it, and write all letters."""

from __future__ import annotations

from django.db import transaction
from django.urls import reverse

from xuezheng.areas.staffing.models import Placement, RotationPlan
from xuezheng.areas.staffing.procedures.files import write_letters
from xuezheng.areas.staffing.procedures.inputs import build_problem, read_season
from xuezheng.areas.staffing.procedures.solver import PlanRefused, solve
from xuezheng.areas.staffing.procedures.steps import keep, placing_hash, problem_of, software
from xuezheng.jobs.attachments import Attachment, AttachmentGone
from xuezheng.jobs.kinds import Result, Run, job
from xuezheng.records.permissions import require


@job("staffing.rotation_plan", "编排交流轮岗方案", faults=(PlanRefused,))
def make_plan(run: Run, year: int, title: str, shares: dict[str, int]) -> Result:
    """Compute a rotation plan, and store it as a draft.

    The moves take place at the beginning of the school year that starts in autumn of ``year``. ``shares``
    raises required shares above policy, for example ``{"moved": 15}`` in percent; the keys are "moved",
    "backbone" and "rural". Returns the address of the plan's page and a message. Raises :class:`PlanRefused`
    if the registers do not suffice for a plan, a share is below policy or above 100, or no plan is found in
    time; the user then sees its text.
    """
    require(run.user, "handle", "staffing.rotation")
    run("读取名单、志愿和岗位", 0, 2)
    season = read_season(year)
    problem = build_problem(season, shares)
    run("编排", 1, 2)
    solution = solve(problem)
    with transaction.atomic():
        plan = keep(season, title, problem, solution, run.user)
        result: Result = {
            "address": reverse("staffing:rotation_plan", args=[plan.pk]),
            "message": "方案已编排好。",
        }
        run.settle(result)
    return result


@job("staffing.rotation_check", "重算交流轮岗方案", faults=(PlanRefused,))
def check_plan(run: Run, plan: int) -> Result:
    """Recompute a plan from its stored inputs, and report whether the computed result is the same.

    ``plan`` is the primary key of a :class:`RotationPlan`. Later manual changes play no part. The result has
    the level "success" if both are the same, otherwise "warning" and a message that names the software
    versions if they differ.
    """
    require(run.user, "see_plans", "staffing.rotation")
    row = RotationPlan.objects.get(pk=plan)
    run("重算", 0, 1)
    same = placing_hash(solve(problem_of(row)).placing) == row.result_hash
    address = reverse("staffing:rotation_plan", args=[plan])
    if same:
        return {"address": address, "message": "按保存的编排依据重算，结果与当时一致。", "level": "success"}
    why = "" if row.version == software() else f"当时的程序是{row.version}，现在是{software()}。"
    return {
        "address": address,
        "message": f"按保存的编排依据重算，结果与当时不一致。{why}",
        "level": "warning",
    }


@job("staffing.rotation_letters", "写交流通知", faults=(PlanRefused, AttachmentGone))
def write_all_letters(run: Run, token: str) -> Result:
    """Write the letters (交流通知) to all teachers whom a decided plan moves, into one Word file.

    ``token`` identifies an attachment of the user whose ``values["plan"]`` is the primary key of the plan.
    The file and the keys of the persons in it are stored in the attachment. Raises :class:`AttachmentGone` if
    the attachment is no longer available, and :class:`PlanRefused` if the plan is not decided.
    """
    require(run.user, "see_plans", "staffing.rotation")
    attachment = Attachment.open(run.user, token)
    plan = RotationPlan.objects.defer("inputs").get(pk=attachment.values["plan"])
    rows = list(Placement.objects.visible_to(run.user).moving(plan))
    run("写通知", 0, 1)
    attachment.keep_file(".docx", lambda path: write_letters(plan, rows, path))
    return {"address": reverse("staffing:rotation_letters", args=[token])}
