"""The figures of staffing: staff and quotas, rotation, recruitment, teachers, degrees, training, conduct."""

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
from xuezheng.figures import SCHOOL_YEAR, YEAR, Population, Ratio, flow, stock
from xuezheng.records.models import Attendance, StaffMember

staff_in_post = Population(
    StaffMember, stock("post_from", through="post_until"), by=("post", "school", "school_kind", "sex")
).people("在职教职工", "人", "时期末在职的教职工人数，含局机关，离任当天仍算在职。")

school_staff = Population(
    StaffMember,
    stock("post_from", through="post_until"),
    by=(
        "staff_kind",
        "school_group",
        "teaching_stage",
        "school",
        "sex",
        "cohort",
        "title",
        "degree",
        "subject",
    ),
    where=_.school_group.notnull(),
).people(
    "学校教职工",
    "人",
    "时期末在职的学校教职工人数，不含局机关，离任当天仍算在职；职称、学历和任教学科是现在登记的，不是那一天的。",
)

# Quotas
QUOTA = Population(SchoolQuota, SCHOOL_YEAR, by=("school", "school_kind"))
establishment = QUOTA.figure(
    "核定编制", "名", _.establishment.sum(), "时期所在学年由本局核定到校的编制数之和。"
)
establishment_filled = QUOTA.figure(
    "核定日在岗人数", "人", _.in_post.sum(), "时期所在学年有编制核定的学校，核定日在岗的教职工人数之和。"
)
establishment_rate = Ratio("编制使用率", top="staffing.establishment_filled", bottom="staffing.establishment")
schools_over_establishment = QUOTA.count(
    "超编学校",
    "所",
    "时期所在学年核定日在岗人数多于核定编制数的学校数。",
    where=_.in_post > _.establishment,
    by=("school_kind",),
    related=("establishment", "in_post"),
    empty="zero",
    better="lower",
)
senior_vacancies = QUOTA.figure(
    "高级岗位空缺",
    "个",
    (_.senior_posts - _.seniors).sum(),
    "时期所在学年高级岗位数多于核定日高级职称在岗人数的学校，其空缺数之和。",
    where=_.senior_posts > _.seniors,
    empty="zero",
)

# Rotation
REVIEW = Population(Rotation, SCHOOL_YEAR, by=("post", "school", "school_kind"))
rotated = REVIEW.people(
    "交流轮岗",
    "人",
    "时期所在学年已到他校任职的校长、副校长和教师人数，按原任教学校统计。",
    where=_.moved,
    related=("years", "next_from"),
)
due_to_rotate = REVIEW.people(
    "应交流轮岗",
    "人",
    "时期所在学年任教满规定年限的教师和任满规定任期的校长、副校长人数。",
    where=_.due,
    related=("years",),
)
rotated_rate = Ratio(
    "占应交流轮岗比例", top="staffing.rotated", bottom="staffing.due_to_rotate", better="higher"
)
rotated_teachers = REVIEW.people(
    "交流轮岗教师",
    "人",
    "时期所在学年已到他校任职的专任教师人数，不含校长和副校长。",
    where=_.moved & (_.post == "teacher"),
    by=("school", "school_kind"),
    related=("years", "next_from"),
)
rotated_backbone = REVIEW.people(
    "交流轮岗骨干教师",
    "人",
    "时期所在学年已到他校任职的专任教师中，认定截止日期前已是骨干教师的人数。",
    where=_.moved & (_.post == "teacher") & _.backbone,
    by=("school", "school_kind"),
    related=("years", "next_from"),
)
rotated_backbone_rate = Ratio(
    "骨干教师占教师交流比例",
    top="staffing.rotated_backbone",
    bottom="staffing.rotated_teachers",
    better="higher",
)
rotation_places = QUOTA.figure(
    "交流轮岗名额",
    "名",
    _.rotation_places.sum(),
    "时期所在学年由本局下达到校的交流轮岗名额之和。",
    where=_.rotation_places > 0,
)
rotation_volunteers = REVIEW.people(
    "自愿报名交流轮岗", "人", "时期所在学年自愿报名交流轮岗的校长、副校长和教师人数。", where=_.volunteered
)
schools_sending = QUOTA.count(
    "有交流轮岗名额的学校",
    "所",
    "时期所在学年本局下达了交流轮岗名额的学校数。",
    where=_.rotation_places > 0,
    by=("school_kind",),
)
schools_oversubscribed = QUOTA.count(
    "报名超过名额的学校",
    "所",
    "时期所在学年自愿报名交流轮岗的人数多于下达名额的学校数。",
    where=(_.rotation_places > 0) & (_.volunteers > _.rotation_places),
    by=("school_kind",),
    related=("rotation_places", "volunteers"),
    empty="zero",
)

# Recruitment
PLAN = Population(RecruitmentPlan, YEAR, by=("post", "subject", "school"))
recruits_planned = PLAN.figure("拟招聘教师", "名", _.places.sum(), "时期所在年度招聘计划的人数之和。")
recruits_in_post = PLAN.figure(
    "已到岗的招聘教师",
    "名",
    _.in_post.sum(),
    "时期所在年度招聘计划中，录用后已登记到岗的人数之和。",
    related=("places",),
)
recruits_in_post_rate = Ratio(
    "招聘到岗率",
    top="staffing.recruits_in_post",
    bottom="staffing.recruits_planned",
    better="higher",
)
recruits_joined = Population(Recruit, flow("joined_on"), by=("post", "subject", "school")).people(
    "新招聘教师到岗", "人", "时期内到岗任职的录用人员数，到岗日期以教职工名册为准。"
)

# What teachers are
PROFILES = Population(Profile, by=("school_type", "degree", "title", "sex", "school_name"))
teachers = PROFILES.people(
    "在岗教师", "人", "快照日在岗的校（园）长、副校（园）长和专任教师中，有业务档案的人数。", where=_.teaches
)
teachers_certified = PROFILES.people(
    "持教师资格证的教师",
    "人",
    "快照日在岗教师中已取得教师资格的人数。",
    where=_.teaches & _.certificate.notnull(),
)
certified_rate = Ratio(
    "教师持证率", top="staffing.teachers_certified", bottom="staffing.teachers", better="higher"
)
senior_title_teachers = PROFILES.people(
    "高级职称教师",
    "人",
    "快照日在岗教师中具有高级或正高级职称的人数。",
    where=_.teaches & _.title.isin(["full_senior", "senior"]),
)
senior_title_rate = Ratio(
    "高级职称教师比例", top="staffing.senior_title_teachers", bottom="staffing.teachers"
)
backbone_teachers = Population(
    Profile, stock("backbone_on"), by=("backbone", "school_type", "school_name")
).people("骨干教师", "人", "时期末已认定的骨干教师中，快照日仍在岗的人数。", where=_.teaches)
degree_due = PROFILES.people(
    "应提升学历教师",
    "人",
    "快照日未满规定年龄（按出生年月计）、学历未达到要求的在岗教师人数。",
    where=_.degree_due,
    related=("born_month",),
    empty="zero",
)
degree_studying = Population(DegreeStudy, stock("enrolled_on", "finished_on"), by=("degree",)).people(
    "在读提升学历教师", "人", "时期末已入学攻读更高学历、尚未取得的教师人数。"
)
degrees_raised = Population(DegreeStudy, flow("finished_on"), by=("degree",)).people(
    "提升学历教师", "人", "时期内取得更高学历的教师人数。"
)

# Training
TRAINED = Population(
    Attendance,
    flow("held_on"),
    by=("level", "topic", "school", "school_kind"),
    where=(_.section == "staffing") & _.passed,
)
teachers_trained = TRAINED.count("参加培训教师", "人次", "时期内开班的教师培训中，考核合格的参训人次。")
training_hours = TRAINED.figure(
    "教师培训学时", "学时", _.hours.sum(), "时期内开班的教师培训中，考核合格人员所得学时之和。"
)

# Conduct
conduct_cases = Population(ConductCase, flow("received_on"), by=("kind", "school_kind")).count(
    "受理师德线索", "件", "时期内受理的师德线索件数。", empty="zero"
)
conduct_verified = Population(ConductCase, flow("concluded_on"), by=("kind", "measure")).count(
    "查实师德线索",
    "件",
    "时期内办结的师德线索中，结论为属实或部分属实的件数。",
    where=_.outcome.isin(["true", "partly"]),
    empty="zero",
)
conduct_open = Population(ConductCase, stock("received_on", "concluded_on"), by=("kind",)).count(
    "未办结师德线索", "件", "时期末已受理、尚未办结的师德线索件数。", empty="zero"
)
