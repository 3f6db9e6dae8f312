"""The background jobs of the section: a plan of rotation is computed, computed again from its frozen inputs, and its letters are written."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from django.db import transaction
from django.urls import reverse

from xuezheng.areas.staffing.models import Placement, RotationPlan
from xuezheng.areas.staffing.procedures.files import write_letters
from xuezheng.areas.staffing.procedures.inputs import build_problem, read_season
from xuezheng.areas.staffing.procedures.problem import placing_hash
from xuezheng.areas.staffing.procedures.solver import PlanRefused, solve
from xuezheng.areas.staffing.procedures.steps import keep, problem_of, software
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.jobs.attachments import Attachment, AttachmentGone
from xuezheng.jobs.kinds import Result, Run, job
from xuezheng.records.permissions import require

#: The parts of the attachment with letters: the file, and the keys of the persons in it.
FILE, PERSONS = "file", "persons"


@job("staffing.rotation_plan", "编排交流轮岗方案", faults=(PlanRefused,))
def make_plan(run: Run, year: int, title: str, shares: dict[str, int]) -> Result:
    """Compute the plan of the school year that begins in autumn of ``year``, and store it as a draft; ``shares`` are required shares above policy, in percent."""
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
    """Compute a plan again from its frozen inputs, and report whether the result is the same."""
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
    """Write all letters of a decided plan, and keep them for their owner; ``token`` names the attachment with the key of the plan."""
    require(run.user, "see_plans", "staffing.rotation")
    attachment = Attachment.open(run.user, token)
    plan = RotationPlan.objects.defer("inputs").get(pk=attachment.values["plan"])
    rows = list(Placement.objects.visible_to(run.user).moving(plan))
    run("写通知", 0, 1)
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / "letters.docx"
        persons = write_letters(plan, rows, path)
        attachment.keep(FILE, path.read_bytes())
    attachment.keep(PERSONS, json.dumps(persons).encode())
    return {"address": reverse("staffing:rotation_letters", args=[token])}
