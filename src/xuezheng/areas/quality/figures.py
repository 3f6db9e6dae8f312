"""The section's figures: results, mentoring, studios, prizes, training in student-centred teaching."""

from typing import Any

from ibis import _

from xuezheng.areas.quality.models import (
    ExamResult,
    Mentoring,
    Studio,
    StudioAssessment,
    StudioMember,
    StudioTask,
    TeachingAssignment,
)
from xuezheng.figures import SCHOOL_YEAR, TERM, YEAR, Figure, Ratio, flow, stock
from xuezheng.records.models import Attendance, Prize, Training

# Results: by school and class at most, never by pupil.
RESULTS: dict[str, Any] = {"table": ExamResult, "over": TERM}
BY_RESULT = ("subject", "stage", "grade", "school")
exam_takers = Figure(
    "参加学期考试学生",
    unit="人",
    **RESULTS,
    value=_.person.nunique(),
    by=BY_RESULT,
    definition="时期所含学期内有考试成绩的学生数。",
)
exam_results = Figure(
    "学期考试成绩",
    unit="人次",
    **RESULTS,
    value=_.count(),
    by=BY_RESULT,
    definition="时期所含学期内登记的考试成绩数，一人一科计一人次。",
)
exam_average = Figure(
    "学期考试平均分",
    unit="分",
    **RESULTS,
    value=_.score.mean().round(1),
    by=BY_RESULT,
    definition="时期所含学期内考试成绩的平均分，保留一位小数。",
)
exam_passed = Figure(
    "学期考试及格",
    unit="人次",
    **RESULTS,
    where=_.passed,
    value=_.count(),
    by=BY_RESULT,
    definition="时期所含学期内达到及格线的考试成绩数，一人一科计一人次。",
)
exam_excellent = Figure(
    "学期考试优秀",
    unit="人次",
    **RESULTS,
    where=_.excellent,
    value=_.count(),
    by=BY_RESULT,
    definition="时期所含学期内达到优秀线的考试成绩数，一人一科计一人次。",
)
exam_pass_rate = Ratio("学期考试及格率", top="quality.exam_passed", bottom="quality.exam_results")
exam_excellent_rate = Ratio("学期考试优秀率", top="quality.exam_excellent", bottom="quality.exam_results")

# Teaching and mentoring
teachers_assigned = Figure(
    "任课教师",
    unit="人",
    table=TeachingAssignment,
    over=SCHOOL_YEAR,
    value=_.person.nunique(),
    by=("subject", "stage", "school"),
    definition="时期所在学年任课安排中的教师数。",
)
teachers_flagged = Figure(
    "教学成绩异常教师",
    unit="名",
    table=TeachingAssignment,
    over=SCHOOL_YEAR,
    where=_.flagged,
    value=_.person.nunique(),
    by=("subject", "stage", "grade", "school"),
    related=("class_average", "district_average"),
    definition="时期所在学年有班级平均分低于全区同年级同学科平均分超过规定比例的任课教师数。",
)
teachers_mentored = Figure(
    "教学成绩异常教师帮扶",
    unit="名",
    table=Mentoring,
    over=stock("since", "until"),
    where=_.mentee_flagged,
    value=_.mentee.nunique(),
    by=("subject", "stage", "school"),
    related=("class_average", "district_average", "mentor"),
    definition="时期末正在接受帮扶的教师中，结对所依据的学年教学成绩异常的人数。",
)
mentors = Figure(
    "帮扶教师",
    unit="名",
    table=Mentoring,
    over=stock("since", "until"),
    value=_.mentor.nunique(),
    by=("subject", "stage"),
    definition="时期末正在帮扶他人的教师数，帮扶多人的计一名。",
)

# Studios

studios = Figure(
    "名师工作室",
    unit="个",
    table=Studio,
    over=stock("founded_on", "closed_on"),
    value=_.count(),
    by=("level", "stage", "subject", "school"),
    definition="时期末已成立而未撤销的名师工作室数。",
)
studios_founded = Figure(
    "新成立名师工作室",
    unit="个",
    table=Studio,
    over=flow("founded_on"),
    value=_.count(),
    by=("level", "stage", "subject"),
    definition="时期内成立的名师工作室数。",
)
studio_members = Figure(
    "名师工作室成员",
    unit="人",
    table=StudioMember,
    # A studio that was closed has no members, whether or not their leaving was registered.
    over=stock("joined_on", "left_on", "closed_on"),
    value=_.person.nunique(),
    by=("level", "stage", "subject", "school"),
    definition="时期末未撤销的名师工作室的成员数，不含主持人。",
)
studio_tasks_done = Figure(
    "名师工作室完成任务",
    unit="项",
    table=StudioTask,
    over=flow("done_on"),
    value=_.count(),
    by=("kind", "level", "subject"),
    definition="时期内名师工作室完成的任务数。",
)
studio_tasks_late = Figure(
    "名师工作室逾期任务",
    unit="项",
    table=StudioTask,
    over=stock("due_on", "done_on"),
    value=_.count(),
    by=("kind", "level", "subject"),
    definition="时期末完成时限已到而尚未完成的名师工作室任务数。",
)
studios_assessed = Figure(
    "名师工作室考核",
    unit="个",
    table=StudioAssessment,
    over=YEAR,
    value=_.count(),
    by=("grade", "level"),
    related=("score",),
    definition="时期所在年度已考核的名师工作室数。",
)

# Prizes and training
prizes = Figure(
    "教师教学获奖",
    unit="项",
    table=Prize,
    over=flow("awarded_on"),
    where=(_.section == "quality") & (_.winner == "staff"),
    value=_.count(),
    by=("level", "rank", "subject", "school"),
    definition="时期内教师在教学比赛和评选中获得的奖项数。",
)
trainings = Figure(
    "教研培训活动",
    unit="场次",
    table=Training,
    over=flow("held_on"),
    where=_.section == "quality",
    value=_.count(),
    by=("topic", "level"),
    definition="时期内开展的教研和教学培训活动场次。",
)
STUDENT_CENTRED: dict[str, Any] = {
    "table": Attendance,
    "over": flow("held_on"),
    "where": (_.section == "quality") & (_.topic == "生本教育"),
}
student_centred_schools = Figure(
    "生本教育通识培训学校",
    unit="所",
    **STUDENT_CENTRED,
    value=_.school.nunique(),
    by=("level", "school_kind"),
    definition="时期内有教师参加生本教育培训的学校数。",
)
student_centred_teachers = Figure(
    "生本教育培训教师",
    unit="人",
    **{**STUDENT_CENTRED, "where": STUDENT_CENTRED["where"] & _.school.notnull()},
    value=_.person.nunique(),
    by=("level", "school", "school_kind"),
    definition="时期内参加生本教育培训的教师数，多次参加的计一人，局机关人员不计。",
)
