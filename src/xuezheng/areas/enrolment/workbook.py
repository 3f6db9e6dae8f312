"""The Excel sheets that schools and the section (基础教育股) upload to fill the enrolment registers."""

from xuezheng.areas.enrolment.models import (
    Absence,
    AdmissionPlan,
    Applicant,
    AttendanceReport,
    Births,
    Community,
    CommunityChildren,
    ExamCandidate,
    Feeder,
    GroupMembership,
    LedgerReview,
    PastRoll,
    Persuasion,
    Places,
    Retention,
    SchoolZone,
    SiblingCount,
    WalkingDistance,
)
from xuezheng.records.models import ClassGroup, District, EnrolmentEvent, Pupil, School, SchoolSite, Term
from xuezheng.workbooks import Sheet, Steady

district = Sheet(District, "本地信息", columns=["code", "name", "bureau_name"])
terms = Sheet(Term, "学期", columns=["code", "starts_on", "ends_on"])
schools = Sheet(
    School,
    "学校名册",
    columns=["code", "name", "kind", "urban_rural", "runner", "senior_grade", "credit_code"],
)
sites = Sheet(SchoolSite, "学校位置", columns=["school.code", "longitude", "latitude"])
class_groups = Sheet(ClassGroup, "班级名册", columns=["school.code", "name", "stage", "grade", "attached"])
pupils = Sheet(
    Pupil,
    "学生名册",
    columns=[
        "class_group.school.code",
        "class_group.name",
        "person.name",
        "person.sex",
        "person.birth_date",
        "person.id_type",
        "person.id_number",
        "student_number",
        "person.household_division",
        "boarding",
        "entered_on",
        "left_on",
    ],
)
events = Sheet(
    EnrolmentEvent,
    "学籍异动表",
    columns=[
        "person.name",
        "person.id_number",
        "occurred_on",
        "kind",
        "from_class.school.code",
        "from_class.name",
        "to_class.school.code",
        "to_class.name",
        "grade",
        "elsewhere",
        "requested_on",
        "reason",
        "document",
    ],
    titles={
        "from_class.school.code": "原学校标识码",
        "from_class.name": "原班级名称",
        "to_class.school.code": "现学校标识码",
        "to_class.name": "现班级名称",
    },
)
exam_candidates = Sheet(
    ExamCandidate,
    "高考报名册",
    columns=[
        "person.name",
        "person.id_number",
        "school.code",
        "track",
        "exam_on",
        "first_elective",
        "second_elective",
    ],
)
absences = Sheet(
    Absence,
    "未到校学生台账",
    columns=[
        "person.name",
        "person.id_number",
        "school.code",
        "stage",
        "absent_since",
        "reported_on",
        "whereabouts",
        "teacher",
        "confirmed_on",
        "clearing",
        "cleared_on",
    ],
    people="pupils",
)
persuasions = Sheet(
    Persuasion,
    "劝返记录表",
    columns=["person.name", "person.id_number", "school.code", "made_on", "method", "made_by", "outcome"],
    people="pupils",
)
attendance_reports = Sheet(
    AttendanceReport,
    "控辍保学月报表",
    columns=["school.code", "stage", "month", "expected", "present", "reported_on"],
)
zones = Sheet(
    SchoolZone,
    "学区划片表",
    columns=["school.code", "stage", "year", "community", "children"],
    expects=[Steady("children", within="enrolment.steady_children")],
)
feeders = Sheet(Feeder, "对口直升表", columns=["school.code", "year", "junior.code"])
groups = Sheet(
    GroupMembership,
    "学生群体登记表",
    columns=[
        "person.name",
        "person.id_number",
        "kind",
        "detail",
        "placement",
        "starts_on",
        "ends_on",
        "evidence",
    ],
)
retentions = Sheet(
    Retention,
    "巩固情况表",
    columns=["school.code", "span", "year", "entered", "arrived", "departed", "died", "graduated"],
)
reviews = Sheet(
    LedgerReview,
    "控辍保学复核表",
    columns=[
        "school.code",
        "quarter",
        "listed",
        "visited",
        "corrected",
        "reviewed_on",
        "reviewed_by",
        "note",
    ],
)
births = Sheet(Births, "出生人口表", columns=["community", "starts_on", "ends_on", "births", "source"])
places = Sheet(Places, "学位表", columns=["school.code", "stage", "year", "classes", "class_size"])
past_rolls = Sheet(PastRoll, "历年在校学生表", columns=["school.code", "stage", "year", "grade", "pupils"])
admission_plans = Sheet(
    AdmissionPlan, "招生计划表", columns=["school.code", "stage", "year", "classes", "class_size", "approval"]
)
applicants = Sheet(
    Applicant,
    "入学报名表",
    columns=[
        "person.name",
        "person.sex",
        "person.birth_date",
        "person.id_type",
        "person.id_number",
        "person.household_division",
        "school.code",
        "stage",
        "year",
        "number",
        "registered_on",
        "tier",
        "settled_on",
        "community",
        "group",
        "kindergarten",
        "needs_care",
        "placed_school.code",
        "placed_reason",
    ],
    titles={"school.code": "报名学校标识码", "placed_school.code": "统筹学校标识码"},
)
communities = Sheet(Community, "社区表", columns=["name", "code", "longitude", "latitude"])
community_children = Sheet(
    CommunityChildren, "适龄儿童摸底表", columns=["community.name", "stage", "year", "children"]
)
walking_distances = Sheet(WalkingDistance, "步行距离表", columns=["community.name", "school.code", "metres"])
siblings = Sheet(
    SiblingCount,
    "长幼随学登记表",
    columns=["community.name", "school.code", "stage", "year", "children"],
    titles={"school.code": "哥哥姐姐就读学校标识码"},
)
