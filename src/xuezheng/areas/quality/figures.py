"""The figures of the teaching area: results, mentoring, studios, prizes, training in student-centred teaching."""

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
from xuezheng.figures import SCHOOL_YEAR, TERM, YEAR, Population, Ratio, flow, stock
from xuezheng.records.models import Attendance, Prize, Training

# Results: by school and class at most, never by pupil.
RESULTS = Population(ExamResult, TERM, by=("subject", "stage", "grade", "school"), surveyed=True)
exam_takers = RESULTS.people("参加学期考试学生", "人", "时期所含学期内有考试成绩的学生数。")
exam_results = RESULTS.count("学期考试成绩", "人次", "时期所含学期内登记的考试成绩数，一人一科计一人次。")
exam_average = RESULTS.figure(
    "学期考试平均分", "分", _.score.mean().round(1), "时期所含学期内考试成绩的平均分，保留一位小数。"
)
exam_passed = RESULTS.count(
    "学期考试及格", "人次", "时期所含学期内达到及格线的考试成绩数，一人一科计一人次。", where=_.passed
)
exam_excellent = RESULTS.count(
    "学期考试优秀", "人次", "时期所含学期内达到优秀线的考试成绩数，一人一科计一人次。", where=_.excellent
)
exam_pass_rate = Ratio("学期考试及格率", top="quality.exam_passed", bottom="quality.exam_results")
exam_excellent_rate = Ratio("学期考试优秀率", top="quality.exam_excellent", bottom="quality.exam_results")

# Teaching and mentoring
ASSIGNMENTS = Population(TeachingAssignment, SCHOOL_YEAR, by=("subject", "stage", "school"))
teachers_assigned = ASSIGNMENTS.people("任课教师", "人", "时期所在学年任课安排中的教师数。")
teachers_flagged = ASSIGNMENTS.people(
    "教学成绩异常教师",
    "名",
    "时期所在学年有班级平均分低于全县（区）同年级同学科平均分超过规定比例的任课教师数。",
    where=_.flagged,
    by=("subject", "stage", "grade", "school"),
    related=("class_average", "district_average"),
)
MENTORINGS = Population(Mentoring, stock("since", "until"), by=("subject", "stage", "school"))
teachers_mentored = MENTORINGS.figure(
    "教学成绩异常教师帮扶",
    "名",
    _.mentee.nunique(),
    "时期末正在接受帮扶的教师中，结对所依据的学年教学成绩异常的人数。",
    where=_.mentee_flagged,
    related=("class_average", "district_average", "mentor"),
)
mentors = MENTORINGS.figure(
    "帮扶教师",
    "名",
    _.mentor.nunique(),
    "时期末正在帮扶他人的教师数，帮扶多人的计一名。",
    by=("subject", "stage"),
)

# Studios

studios = Population(
    Studio, stock("founded_on", "closed_on"), by=("level", "stage", "subject", "school")
).count("名师工作室", "个", "时期末已成立而未撤销的名师工作室数。")
studios_founded = Population(Studio, flow("founded_on"), by=("level", "stage", "subject")).count(
    "新成立名师工作室", "个", "时期内成立的名师工作室数。"
)
studio_members = Population(
    StudioMember, stock("joined_on", "left_on", "closed_on"), by=("level", "stage", "subject", "school")
).people("名师工作室成员", "人", "时期末未撤销的名师工作室的成员数，不含主持人。")
studio_tasks_done = Population(StudioTask, flow("done_on"), by=("kind", "level", "subject")).count(
    "名师工作室完成任务", "项", "时期内名师工作室完成的任务数。"
)
studio_tasks_late = Population(StudioTask, stock("due_on", "done_on"), by=("kind", "level", "subject")).count(
    "名师工作室逾期任务",
    "项",
    "时期末完成时限已到而尚未完成的名师工作室任务数。",
    better="lower",
)
studios_assessed = Population(StudioAssessment, YEAR, by=("grade", "level")).count(
    "名师工作室考核", "个", "时期所在年度已考核的名师工作室数。", related=("score",)
)

# Prizes and training
prizes = Population(Prize, flow("awarded_on"), by=("level", "rank", "subject", "school")).count(
    "教师教学获奖",
    "项",
    "时期内教师在教学比赛和评选中获得的奖项数。",
    where=(_.section == "quality") & (_.winner == "staff"),
)
trainings = Population(Training, flow("held_on"), by=("topic", "level")).count(
    "教研培训活动", "场次", "时期内开展的教研和教学培训活动场次。", where=_.section == "quality"
)
STUDENT_CENTRED = Population(
    Attendance,
    flow("held_on"),
    by=("level", "school_kind"),
    where=(_.section == "quality") & (_.topic == "生本教育"),
)
student_centred_schools = STUDENT_CENTRED.schools(
    "生本教育通识培训学校", "时期内有教师参加生本教育培训的学校数。"
)
student_centred_teachers = STUDENT_CENTRED.people(
    "生本教育培训教师",
    "人",
    "时期内参加生本教育培训的教师数，多次参加的计一人，局机关人员不计。",
    where=_.school.notnull(),
    by=("level", "school", "school_kind"),
)
