"""The figures of enrolment: schools, classes, pupils, non-attendance, admission and candidates."""

from ibis import _

from xuezheng.areas.enrolment.models import (
    Absence,
    AdmissionPlan,
    Applicant,
    AttendanceReport,
    ExamCandidate,
    Feeder,
    GroupMembership,
    LedgerReview,
    Persuasion,
    Places,
    Retention,
    SchoolZone,
)
from xuezheng.figures import YEAR, Population, Ratio, flow, stock, weighted_cv
from xuezheng.records.models import ClassGroup, EnrolmentEvent, Pupil, School

SCHOOLS = Population(School, by=("kind", "urban_rural", "runner"))
schools = SCHOOLS.count("学校", "所", "快照日在册的学校数，含幼儿园。")
CLASSES = Population(ClassGroup, by=("stage", "school", "size", "urban_rural"))
classes = CLASSES.count("班级", "个", "快照日在册的班级数。")
oversize_classes = CLASSES.count(
    "大班额班级",
    "个",
    "快照日义务教育阶段达到大班额标准的班级数，含超大班额。",
    where=_.stage.isin(["primary", "junior"]) & _["size"].isin(["oversize", "very_large"]),
    related=("pupils",),
    empty="zero",
    better="lower",
)
compulsory_classes = CLASSES.count(
    "义务教育班级", "个", "快照日在册的小学、初中班级数。", where=_.stage.isin(["primary", "junior"])
)
oversize_rate = Ratio(
    "大班额比例", top="enrolment.oversize_classes", bottom="enrolment.compulsory_classes", better="lower"
)
PUPILS = Population(
    Pupil,
    stock("entered_on", "left_on"),
    by=("stage", "school", "grade", "sex", "boarding", "urban_rural", "household"),
)
pupils = PUPILS.people("在校学生", "人", "时期末在册的学生数，含在园幼儿。")
boarders = PUPILS.people(
    "寄宿学生",
    "人",
    "时期末在册、就读方式为住校的学生数。",
    where=_.boarding == "boarder",
    by=("stage", "school", "sex", "urban_rural"),
)
class_size_variation = SCHOOLS.figure(
    "义务教育学校班均人数差异系数",
    "",
    weighted_cv(_.pupils / _.classes, _.pupils),
    "小学、初级中学和九年一贯制学校班均人数以学生数加权的差异系数，没有班级的不计，越小越均衡。",
    where=_.kind.isin(["211", "311", "312"]) & (_.classes > 0),
    by=(),
    related=("pupils", "classes"),
    better="lower",
)
exam_candidates = Population(ExamCandidate, flow("exam_on"), by=("track", "school")).people(
    "高考考生", "人", "时期内参加高考的报名考生数。"
)
compulsory_pupils = PUPILS.people(
    "义务教育在校学生",
    "人",
    "时期末在册的小学、初中学生数。",
    where=_.stage.isin(["primary", "junior"]),
    by=("stage", "school", "grade", "sex", "urban_rural", "household"),
)
class_average = CLASSES.figure(
    "义务教育平均班额",
    "人",
    _.pupils.mean(),
    "快照日在册的小学、初中班级平均每班的在校学生数。",
    where=_.stage.isin(["primary", "junior"]),
    by=("stage", "school", "urban_rural"),
)
boarding_rate = Ratio(
    "寄宿比例",
    top="enrolment.boarders",
    bottom="enrolment.pupils",
    definition="时期末在校学生中寄宿学生所占的比例。",
)
pupils_from_elsewhere = PUPILS.people(
    "户籍在外地的学生",
    "人",
    "时期末在册而户籍不在本地的学生数，含外省户籍。",
    where=_.household.isin(["province", "outside"]),
    by=("stage", "school", "household", "urban_rural"),
)
attached_classes = CLASSES.count(
    "附设班",
    "个",
    "快照日在册的附设班数，如小学附设的幼儿班。",
    where=_.attached,
    by=("stage", "school"),
    related=("pupils",),
    empty="zero",
)
entrants = Population(Pupil, flow("entered_on"), by=("stage", "school", "sex", "household")).people(
    "入学学生", "人", "入学日期在时期内的学生数，含转入。"
)
leavers = Population(Pupil, flow("left_on"), by=("stage", "school", "sex")).people(
    "离校学生", "人", "离校日期在时期内的学生数，含毕业和转出。"
)
EVENTS = Population(EnrolmentEvent, flow("occurred_on"), by=("kind", "movement", "school", "stage", "sex"))
events = EVENTS.count("学籍异动", "人次", "异动日期在时期内的学籍异动人次，含入学和离校。")
arrivals = EVENTS.count(
    "进入学校",
    "人次",
    "时期内入学、转入、升入学校的人次，本地转学和升学计入所到的学校。",
    where=_.movement.isin(["in", "across"]),
)
departures = EVENTS.count(
    "离开学校",
    "人次",
    "时期内毕业、转出、离校等离开学校的人次，本地转学和升学计入原来的学校。",
    where=_.movement.isin(["out", "across"]),
    by=("kind", "movement", "from_school", "from_stage", "sex"),
)
graduates = EVENTS.people(
    "毕业学生",
    "人",
    "时期内办理毕业的学生数，计入原来的学校。",
    where=_.state == "graduated",
    by=("from_stage", "from_school", "sex", "boarding", "from_vocational"),
)
# Each person has one event that is the last on a day.
LAST_EVENTS = Population(
    EnrolmentEvent, stock("occurred_on", "until"), by=("stage", "school", "grade", "sex", "urban_rural")
)
roll = LAST_EVENTS.count(
    "在籍学生（按异动）",
    "人",
    "时期末有学籍的学生数，由学籍异动推算，过去的任何一天都可以查；学校、班级和年级是那一天的。",
    where=_.to_class.notnull(),
    by=(
        "stage",
        "school",
        "grade",
        "sex",
        "urban_rural",
        "state",
        "boarding",
        "cohort",
        "stage_year",
        "vocational",
    ),
)
suspended = LAST_EVENTS.count(
    "休学学生", "人", "时期末休学、保留学籍的学生数。", where=_.state == "suspended", empty="zero"
)
home_taught = LAST_EVENTS.count(
    "送教上门学生",
    "人",
    "时期末由学校送教上门的学生数，计入在籍学生。",
    where=_.state == "home_taught",
    empty="zero",
)
inclusive_pupils = LAST_EVENTS.count(
    "随班就读学生", "人", "时期末在普通班随班就读的残疾学生数。", where=_.inclusive, empty="zero"
)
ABSENCE_BY = ("stage", "school", "sex", "urban_rural")
absent_pupils = Population(Absence, stock("absent_since", "cleared_on"), by=ABSENCE_BY).people(
    "未到校学生",
    "人",
    "时期末有学籍而未到校、还没有销号的义务教育学生数，含疑似辍学和辍学的。",
    better="lower",
)
suspected_dropouts = Population(Absence, stock("suspected_on", "suspected_until"), by=ABSENCE_BY).people(
    "疑似辍学学生",
    "人",
    "时期末未到校满规定天数、还没有认定或销号的学生数。",
    better="lower",
)
dropouts = Population(Absence, stock("confirmed_on", "cleared_on"), by=ABSENCE_BY).people(
    "辍学学生",
    "人",
    "时期末已认定辍学、还没有销号的学生数。",
    better="lower",
)
CLEARED = Population(Absence, flow("cleared_on"), by=("clearing", *ABSENCE_BY))
cleared_absences = CLEARED.people("销号学生", "人", "时期内销号的未到校学生数。")
returned_pupils = CLEARED.people(
    "劝返复学学生", "人", "时期内销号、回到学校就读的学生数。", where=_.returned, by=ABSENCE_BY, empty="zero"
)
persuasions = Population(Persuasion, flow("made_on"), by=("method", "school")).count(
    "劝返", "次", "时期内劝返未到校学生的次数。"
)
ATTENDANCE = Population(
    AttendanceReport, flow("month"), by=("stage", "school", "urban_rural", "report_state")
)
attendance_reports = ATTENDANCE.count("控辍保学月报", "份", "时期内各月学校上报的控辍保学月报份数。")
attendance_reports_in_time = ATTENDANCE.count(
    "按期上报的月报",
    "份",
    "时期内各月在规定的截止日以前上报的控辍保学月报份数。",
    where=_.report_state == "in_time",
    by=("stage", "school", "urban_rural"),
)
attendance_report_rate = Ratio(
    "月报按期上报率",
    top="enrolment.attendance_reports_in_time",
    bottom="enrolment.attendance_reports",
    definition="时期内上报的控辍保学月报中，按期上报的所占的比例；没有上报的不在其中。",
    better="higher",
)
ZONES = Population(SchoolZone, YEAR, by=("stage", "urban_rural"))
zoned_schools = ZONES.schools("划片招生学校", "时期所在年度公布了学区范围的学校数。")
zone_communities = ZONES.count(
    "划片社区（村）", "个", "时期所在年度各校学区所含的社区和村数。", by=("stage", "school", "urban_rural")
)
feeder_schools = Population(Feeder, YEAR, by=("junior", "urban_rural")).schools(
    "对口直升小学", "时期所在年度整体对口升入一所初中的小学数。"
)
GROUP_BY = ("kind", "detail", "stage", "school", "grade", "sex", "urban_rural")
TABLE_BY = ("group", "group_stage_year", "group_vocational")
GROUP_ROLL = Population(
    GroupMembership, stock("roll_from", "roll_until"), by=GROUP_BY, where=_.to_class.notnull()
)
group_pupils = GROUP_ROLL.people(
    "群体学生",
    "人",
    "时期末有学籍、属于登记的任一群体（随迁、留守、残疾、少数民族等）的学生数；学校、学段、年级是那一天的。",
    by=("group", *GROUP_BY),
)
migrant_pupils = GROUP_ROLL.people(
    "随迁子女",
    "人",
    "时期末有学籍、登记为随迁子女的学生数。",
    where=_.group == "migrant",
    by=(*GROUP_BY, "origin", "worker", "publicly_placed", *TABLE_BY),
)
left_behind_pupils = GROUP_ROLL.people(
    "农村留守儿童",
    "人",
    "时期末有学籍、登记为农村留守儿童的学生数。",
    where=_.group == "left_behind",
    by=(*GROUP_BY, *TABLE_BY),
)
disabled_pupils = GROUP_ROLL.people(
    "残疾学生",
    "人",
    "时期末有学籍、登记为残疾的学生数，含送教上门的。",
    where=_.group == "disabled",
    by=(*GROUP_BY, "schooling", *TABLE_BY),
)
minority_pupils = GROUP_ROLL.people(
    "少数民族学生",
    "人",
    "时期末有学籍、登记为少数民族的学生数。",
    where=_.group == "minority",
    by=(*GROUP_BY, *TABLE_BY),
)
group_graduates = Population(GroupMembership, flow("occurred_on")).people(
    "群体毕业学生",
    "人",
    "时期内办理毕业、那一天属于登记的任一群体的学生数，计入原来的学校。",
    where=(_.group_state == "graduated") & _.belongs,
    by=(
        "group",
        "kind",
        "detail",
        "from_stage",
        "from_school",
        "sex",
        "origin",
        "worker",
        "group_from_vocational",
    ),
)
MIGRANTS = Population(
    GroupMembership,
    GROUP_ROLL.over,
    by=("stage", "school", "grade", "sex", "urban_rural", "detail"),
    where=(_.group == "migrant") & _.stage.isin(["primary", "junior"]),
)
compulsory_migrants = MIGRANTS.people(
    "义务教育随迁子女",
    "人",
    "时期末有学籍、登记为随迁子女的小学、初中学生数。",
)
# Of migrants without any such place the number is zero, and where no migrant is registered there is none.
migrants_in_public_places = MIGRANTS.figure(
    "在公办学校或政府购买学位就读的随迁子女",
    "人",
    _.person.nunique(where=_.publicly_placed),
    "时期末登记为随迁子女的小学、初中学生中，在公办学校就读或者政府购买学位的学生数。",
)
migrant_public_rate = Ratio(
    "随迁子女在公办学校或政府购买学位就读的比例",
    top="enrolment.migrants_in_public_places",
    bottom="enrolment.compulsory_migrants",
    definition="时期末在籍的义务教育随迁子女中，在公办学校或者政府购买学位就读的所占的比例。",
    better="higher",
)
DISABLED_CHILDREN = Population(
    GroupMembership,
    stock("eligible_on", "eligible_until"),
    by=("detail", "sex"),
    where=_.group == "disabled",
)
disabled_children = DISABLED_CHILDREN.people(
    "适龄残疾儿童少年",
    "人",
    "时期末登记为残疾、在义务教育年龄的儿童少年数，含没有入学的。",
)
disabled_children_at_school = Population(
    GroupMembership,
    stock("eligible_from_event", "roll_until", "eligible_until"),
    by=DISABLED_CHILDREN.by,
    where=DISABLED_CHILDREN.where,
).figure(
    "已入学的适龄残疾儿童少年",
    "人",
    _.person.nunique(where=_.stage.isin(["primary", "junior"])),
    "时期末登记为残疾、在义务教育年龄、有小学或初中学籍的儿童少年数，含随班就读、特教学校和送教上门的。",
)
disabled_enrolment_rate = Ratio(
    "残疾儿童少年义务教育入学率",
    top="enrolment.disabled_children_at_school",
    bottom="enrolment.disabled_children",
    definition="时期末登记的义务教育年龄残疾儿童少年中，有小学或初中学籍的所占的比例。",
    better="higher",
)
JUNIOR_RETENTION = Population(Retention, YEAR, by=("school", "urban_rural"), where=_.span == "junior")
junior_retained = JUNIOR_RETENTION.figure(
    "初中三年巩固人数",
    "人",
    _.retained.sum(),
    "时期所在年度毕业的一届初中，按规定算法的巩固人数（分子）。",
    related=("graduated", "arrived", "departed", "formula"),
)
junior_to_retain = JUNIOR_RETENTION.figure(
    "初中三年应巩固人数",
    "人",
    _.to_retain.sum(),
    "时期所在年度毕业的一届初中，按规定算法的应巩固人数（分母）。",
    related=("entered", "arrived", "departed", "died", "formula"),
)
junior_retention_rate = Ratio(
    "初中三年巩固率",
    top="enrolment.junior_retained",
    bottom="enrolment.junior_to_retain",
    definition="时期所在年度毕业的一届初中，巩固人数占应巩固人数的比例；转学怎样加减见政策标准。",
    better="higher",
)
COMPULSORY_RETENTION = Population(Retention, YEAR, by=(), where=_.span == "compulsory")
compulsory_retained = COMPULSORY_RETENTION.figure(
    "九年义务教育巩固人数",
    "人",
    _.retained.sum(),
    "时期所在年度初中毕业的一届，按规定算法的巩固人数（分子）。",
    related=("graduated", "arrived", "departed", "formula"),
)
compulsory_to_retain = COMPULSORY_RETENTION.figure(
    "九年义务教育应巩固人数",
    "人",
    _.to_retain.sum(),
    "时期所在年度初中毕业的一届，按规定算法的应巩固人数（分母），由九年前小学招生所定。",
    related=("entered", "arrived", "departed", "died", "formula"),
)
compulsory_retention_rate = Ratio(
    "九年义务教育巩固率",
    top="enrolment.compulsory_retained",
    bottom="enrolment.compulsory_to_retain",
    definition="时期所在年度初中毕业的一届，巩固人数占九年前小学招生应巩固人数的比例；转学怎样加减见政策标准。",
    better="higher",
)
REVIEWS = Population(LedgerReview, flow("quarter"), by=("school", "urban_rural", "review_state"))
ledger_reviews = REVIEWS.count("台账复核", "次", "时期内各季度登记的控辍保学台账复核次数，一校一季度一次。")
ledger_reviews_in_time = REVIEWS.count(
    "按期的台账复核",
    "次",
    "时期内各季度在规定期限以前完成的控辍保学台账复核次数。",
    where=_.review_state == "in_time",
    by=("school", "urban_rural"),
)
ledger_review_rate = Ratio(
    "台账复核按期率",
    top="enrolment.ledger_reviews_in_time",
    bottom="enrolment.ledger_reviews",
    definition="时期内登记的控辍保学台账复核中，按期完成的所占的比例；没有登记的不在其中。",
    better="higher",
)
ledger_corrections = REVIEWS.figure(
    "台账复核更正",
    "人次",
    _.corrected.sum(),
    "时期内各季度复核时，台账与实际不符、已经更正的人次。",
    related=("listed", "visited"),
)
places = Population(Places, YEAR, by=("stage", "school", "urban_rural")).figure(
    "学位",
    "个",
    _.places.sum(),
    "时期所在年度秋季登记的学位数，为可设班数乘每班人数；没有登记的学校不在其中。",
    related=("classes", "class_size"),
)
PLANS = Population(AdmissionPlan, YEAR, by=("stage", "school", "urban_rural"))
admission_places = PLANS.figure(
    "计划招生",
    "人",
    _.seats.sum(),
    "时期所在年度秋季登记的招生计划数，为招生班数乘每班人数；没有登记的学校不在其中。",
    related=("classes", "class_size"),
)
APPLICANTS = Population(
    Applicant, YEAR, by=("stage", "school", "tier", "rank", "sex", "urban_rural", "in_zone")
)
applicants = APPLICANTS.people("入学报名儿童", "人", "时期所在年度报名进入小学、初中起始年级的儿童数。")
applicants_in_zone = APPLICANTS.people(
    "学区内报名儿童",
    "人",
    "时期所在年度报名的儿童中，所填社区（村）在报名学校当年学区内的儿童数。",
    where=_.in_zone,
    by=("stage", "school", "tier", "sex", "urban_rural"),
    empty="zero",
)
applicants_in_zone_rate = Ratio(
    "学区内报名比例",
    top="enrolment.applicants_in_zone",
    bottom="enrolment.applicants",
    definition="时期所在年度报名的儿童中，所填社区（村）在报名学校当年学区内的所占的比例。",
)
placed_applicants = APPLICANTS.people(
    "统筹安排儿童",
    "人",
    "时期所在年度报名的儿童中，报名学校没有录取、统筹安排到别校的儿童数。",
    where=_.placed_school.notnull(),
    by=("stage", "school", "placed_school", "sex", "urban_rural"),
    empty="zero",
)
