"""The workbooks of the works office."""

from xuezheng.areas.works.models import ExamCentre, Milestone, Project, SmartApplication
from xuezheng.workbooks import Sheet, Steady

projects = Sheet(
    Project,
    "建设项目台账",
    columns=[
        "code",
        "name",
        "kind",
        "school.code",
        "listed_on",
        "budget",
        "contractor",
        "contract_amount",
    ],
    expects=[Steady("budget", within="works.steady_budget")],
)
milestones = Sheet(Milestone, "项目节点表", columns=["project.code", "step", "planned_on", "real_on"])
smart_applications = Sheet(
    SmartApplication,
    "智慧校园应用台账",
    columns=["school.code", "application", "built_on", "used_since", "users"],
)
exam_centres = Sheet(
    ExamCentre, "标准化考点台账", columns=["school.code", "rooms", "finished_on", "used_since"]
)
