"""The workbooks of the safety office."""

from xuezheng.areas.safety.models import (
    Accident,
    BullyingReport,
    Drill,
    DrowningMeasure,
    Hazard,
    HealthCheck,
    Outbreak,
)
from xuezheng.workbooks import Sheet

drills = Sheet(Drill, "应急演练表", columns=["school.code", "kind", "held_on", "participants", "seconds"])
hazards = Sheet(
    Hazard,
    "安全隐患台账",
    columns=["school.code", "found_on", "kind", "level", "place", "owner", "due_on", "closed_on"],
)
bullying_reports = Sheet(
    BullyingReport,
    "欺凌报告台账",
    columns=[
        "number",
        "school.code",
        "stage",
        "reported_on",
        "source",
        "form",
        "outcome",
        "concluded_on",
        "inquiry_on",
    ],
)
drowning_measures = Sheet(DrowningMeasure, "防溺水工作表", columns=["school.code", "kind", "day", "reached"])
health_checks = Sheet(
    HealthCheck,
    "食品与防病检查表",
    columns=["school.code", "kind", "checked_on", "problem", "due_on", "mended_on"],
)
outbreaks = Sheet(
    Outbreak,
    "传染病报告表",
    columns=["school.code", "disease", "reported_on", "cases", "ended_on", "most_in_a_class"],
)
accidents = Sheet(
    Accident, "学生安全事故台账", columns=["school.code", "kind", "day", "on_campus", "injured", "dead"]
)
