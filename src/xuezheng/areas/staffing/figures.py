"""The section's figures: staff and quotas, rotation, recruitment, degrees, training, conduct."""

from typing import Any

from ibis import _

from xuezheng.areas.staffing.models import (
    ConductCase,
    DegreeStudy,
    Profile,
    Recruit,
    RecruitmentPlan,
    Rotation,
    SchoolQuota,
)
from xuezheng.figures import SCHOOL_YEAR, YEAR, Figure, Ratio, flow, stock
from xuezheng.records.models import Attendance, StaffMember

staff_in_post = Figure(
    "在职教职工",
    unit="人",
    table=StaffMember,
    # Who goes to another school is in post at the old one through 31 August and at the new one from 1 September.
    over=stock("post_from", through="post_until"),
    value=_.person.nunique(),
    by=("post", "school", "school_kind", "sex"),
    definition="时期末在职的教职工人数，含局机关，离任当天仍算在职。",
)

# Quotas
QUOTA: dict[str, Any] = {"table": SchoolQuota, "over": SCHOOL_YEAR}
establishment = Figure(
    "核定编制",
    unit="名",
    **QUOTA,
    value=_.establishment.sum(),
    by=("school", "school_kind"),
    definition="时期所在学年由区教育局核定到校的编制数之和。",
)
establishment_filled = Figure(
    "核定日在岗人数",
    unit="人",
    **QUOTA,
    value=_.in_post.sum(),
    by=("school", "school_kind"),
    definition="时期所在学年有编制核定的学校，核定日在岗的教职工人数之和。",
)
establishment_rate = Ratio("编制使用率", top="staffing.establishment_filled", bottom="staffing.establishment")
schools_over_establishment = Figure(
    "超编学校",
    unit="所",
    **QUOTA,
    where=_.in_post > _.establishment,
    value=_.count(),
    by=("school_kind",),
    related=("establishment", "in_post"),
    definition="时期所在学年核定日在岗人数多于核定编制数的学校数。",
    empty="zero",
)
senior_vacancies = Figure(
    "高级岗位空缺",
    unit="个",
    **QUOTA,
    where=_.senior_posts > _.seniors,
    value=(_.senior_posts - _.seniors).sum(),
    by=("school", "school_kind"),
    definition="时期所在学年高级岗位数多于核定日高级职称在岗人数的学校，其空缺数之和。",
    empty="zero",
)

# Rotation
REVIEW: dict[str, Any] = {"table": Rotation, "over": SCHOOL_YEAR}
BY_REVIEW = ("post", "school", "school_kind")
rotated = Figure(
    "交流轮岗",
    unit="人",
    **REVIEW,
    where=_.moved,
    value=_.person.nunique(),
    by=BY_REVIEW,
    related=("years", "next_from"),
    definition="时期所在学年已到他校任职的校长、副校长和教师人数，按原任教学校统计。",
)
due_to_rotate = Figure(
    "应交流轮岗",
    unit="人",
    **REVIEW,
    where=_.due,
    value=_.person.nunique(),
    by=BY_REVIEW,
    related=("years",),
    definition="时期所在学年任教满规定年限的教师和任满规定任期的校长、副校长人数。",
)
rotated_rate = Ratio("占应交流轮岗比例", top="staffing.rotated", bottom="staffing.due_to_rotate")
rotated_teachers = Figure(
    "交流轮岗教师",
    unit="人",
    **REVIEW,
    where=_.moved & (_.post == "teacher"),
    value=_.person.nunique(),
    by=("school", "school_kind"),
    related=("years", "next_from"),
    definition="时期所在学年已到他校任职的专任教师人数，不含校长和副校长。",
)
rotated_backbone = Figure(
    "交流轮岗骨干教师",
    unit="人",
    **REVIEW,
    where=_.moved & (_.post == "teacher") & _.backbone,
    value=_.person.nunique(),
    by=("school", "school_kind"),
    related=("years", "next_from"),
    definition="时期所在学年已到他校任职的专任教师中，认定截止日期前已是骨干教师的人数。",
)
rotated_backbone_rate = Ratio(
    "骨干教师占教师交流比例", top="staffing.rotated_backbone", bottom="staffing.rotated_teachers"
)
rotation_places = Figure(
    "交流轮岗名额",
    unit="名",
    **QUOTA,
    where=_.rotation_places > 0,
    value=_.rotation_places.sum(),
    by=("school", "school_kind"),
    definition="时期所在学年由区教育局下达到校的交流轮岗名额之和。",
)
rotation_volunteers = Figure(
    "自愿报名交流轮岗",
    unit="人",
    **REVIEW,
    where=_.volunteered,
    value=_.person.nunique(),
    by=BY_REVIEW,
    definition="时期所在学年自愿报名交流轮岗的校长、副校长和教师人数。",
)
schools_sending = Figure(
    "有交流轮岗名额的学校",
    unit="所",
    **QUOTA,
    where=_.rotation_places > 0,
    value=_.count(),
    by=("school_kind",),
    definition="时期所在学年区教育局下达了交流轮岗名额的学校数。",
)
schools_oversubscribed = Figure(
    "报名超过名额的学校",
    unit="所",
    **QUOTA,
    where=(_.rotation_places > 0) & (_.volunteers > _.rotation_places),
    value=_.count(),
    by=("school_kind",),
    related=("rotation_places", "volunteers"),
    definition="时期所在学年自愿报名交流轮岗的人数多于下达名额的学校数。",
    empty="zero",
)

# Recruitment
PLAN: dict[str, Any] = {"table": RecruitmentPlan, "over": YEAR}
recruits_planned = Figure(
    "拟招聘教师",
    unit="名",
    **PLAN,
    value=_.places.sum(),
    by=("post", "subject", "school"),
    definition="时期所在年度招聘计划的人数之和。",
)
recruits_in_post = Figure(
    "已到岗的招聘教师",
    unit="名",
    **PLAN,
    value=_.in_post.sum(),
    by=("post", "subject", "school"),
    related=("places",),
    definition="时期所在年度招聘计划中，录用后已登记到岗的人数之和。",
)
recruits_in_post_rate = Ratio(
    "招聘到岗率", top="staffing.recruits_in_post", bottom="staffing.recruits_planned"
)
recruits_joined = Figure(
    "新招聘教师到岗",
    unit="人",
    table=Recruit,
    over=flow("joined_on"),
    value=_.person.nunique(),
    by=("post", "subject", "school"),
    definition="时期内到岗任职的录用人员数，到岗日期以教职工名册为准。",
)

# What teachers are
BY_PROFILE = ("school_type", "degree", "title", "sex", "school_name")
teachers = Figure(
    "在岗教师",
    unit="人",
    table=Profile,
    where=_.teaches,
    value=_.person.nunique(),
    by=BY_PROFILE,
    definition="冻结时在岗的校（园）长、副校（园）长和专任教师中，有业务档案的人数。",
)
teachers_certified = Figure(
    "持教师资格证的教师",
    unit="人",
    table=Profile,
    where=_.teaches & _.certificate.notnull(),
    value=_.person.nunique(),
    by=BY_PROFILE,
    definition="冻结时在岗教师中已取得教师资格的人数。",
)
certified_rate = Ratio("教师持证率", top="staffing.teachers_certified", bottom="staffing.teachers")
senior_title_teachers = Figure(
    "高级职称教师",
    unit="人",
    table=Profile,
    where=_.teaches & _.title.isin(["full_senior", "senior"]),
    value=_.person.nunique(),
    by=BY_PROFILE,
    definition="冻结时在岗教师中具有高级或正高级职称的人数。",
)
senior_title_rate = Ratio(
    "高级职称教师比例", top="staffing.senior_title_teachers", bottom="staffing.teachers"
)
backbone_teachers = Figure(
    "骨干教师",
    unit="人",
    table=Profile,
    over=stock("backbone_on"),
    where=_.teaches,
    value=_.person.nunique(),
    by=("backbone", "school_type", "school_name"),
    definition="时期末已认定的骨干教师中，冻结时仍在岗的人数。",
)
degree_due = Figure(
    "应提升学历教师",
    unit="人",
    table=Profile,
    where=_.degree_due,
    value=_.person.nunique(),
    by=BY_PROFILE,
    related=("born_month",),
    definition="冻结时未满规定年龄（按出生年月计）、学历未达到要求的在岗教师人数。",
    empty="zero",
)
degree_studying = Figure(
    "在读提升学历教师",
    unit="人",
    table=DegreeStudy,
    over=stock("enrolled_on", "finished_on"),
    value=_.person.nunique(),
    by=("degree",),
    definition="时期末已入学攻读更高学历、尚未取得的教师人数。",
)
degrees_raised = Figure(
    "提升学历教师",
    unit="人",
    table=DegreeStudy,
    over=flow("finished_on"),
    value=_.person.nunique(),
    by=("degree",),
    definition="时期内取得更高学历的教师人数。",
)

# Training
TRAINED: dict[str, Any] = {
    "table": Attendance,
    "over": flow("held_on"),
    "where": (_.section == "staffing") & _.passed,
}
BY_TRAINING = ("level", "topic", "school", "school_kind")
teachers_trained = Figure(
    "参加培训教师",
    unit="人次",
    **TRAINED,
    value=_.count(),
    by=BY_TRAINING,
    definition="时期内开班的教师培训中，考核合格的参训人次。",
)
training_hours = Figure(
    "教师培训学时",
    unit="学时",
    **TRAINED,
    value=_.hours.sum(),
    by=BY_TRAINING,
    definition="时期内开班的教师培训中，考核合格人员所得学时之和。",
)

# Conduct
conduct_cases = Figure(
    "受理师德线索",
    unit="件",
    table=ConductCase,
    over=flow("received_on"),
    value=_.count(),
    by=("kind", "school_kind"),
    definition="时期内受理的师德线索件数。",
    empty="zero",
)
conduct_verified = Figure(
    "查实师德线索",
    unit="件",
    table=ConductCase,
    over=flow("concluded_on"),
    where=_.outcome.isin(["true", "partly"]),
    value=_.count(),
    by=("kind", "measure"),
    definition="时期内办结的师德线索中，结论为属实或部分属实的件数。",
    empty="zero",
)
conduct_open = Figure(
    "未办结师德线索",
    unit="件",
    table=ConductCase,
    over=stock("received_on", "concluded_on"),
    value=_.count(),
    by=("kind",),
    definition="时期末已受理、尚未办结的师德线索件数。",
    empty="zero",
)
