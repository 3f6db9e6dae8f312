"""The workbooks of the activities area."""

from xuezheng.areas.activities.models import Edition, Entry, FarmPlot, LabourCourse, StudyTour, Visit, Visitor
from xuezheng.workbooks import Sheet

editions = Sheet(Edition, "赛事活动台账", columns=["event", "number", "held_on", "ended_on", "level"])
entries = Sheet(
    Entry, "参赛队伍名单", columns=["edition.event", "edition.number", "school.code", "stage", "pupils"]
)
study_tours = Sheet(
    StudyTour,
    "研学旅行台账",
    columns=["school.code", "stage", "day", "ended_on", "theme", "destination", "pupils"],
)
farm_plots = Sheet(FarmPlot, "劳动实践基地台账", columns=["school.code", "name", "area", "crops"])
labour_courses = Sheet(
    LabourCourse,
    "劳动课程台账",
    columns=["school.code", "term.code", "course", "kind", "hours", "pupils"],
)
visits = Sheet(
    Visit,
    "交流互访台账",
    columns=["title", "day", "ended_on", "direction", "destination", "partner", "guests"],
)
visitors = Sheet(
    Visitor,
    "交流人员名单",
    columns=["visit.title", "visit.day", "person.name", "person.id_number", "school.code"],
)
