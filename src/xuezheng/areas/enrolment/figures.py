"""The section's figures: schools, classes, pupils, candidates."""

from ibis import _

from xuezheng.areas.enrolment.models import ExamCandidate, Feeder, SchoolZone
from xuezheng.figures import YEAR, Figure, Ratio, flow, stock, weighted_cv
from xuezheng.records.models import ClassGroup, Pupil, School

schools = Figure(
    "学校",
    unit="所",
    table=School,
    value=_.count(),
    by=("kind", "urban_rural", "runner"),
    definition="冻结时在册的学校数，含幼儿园。",
)
classes = Figure(
    "班级",
    unit="个",
    table=ClassGroup,
    value=_.count(),
    by=("stage", "school", "size", "urban_rural"),
    definition="冻结时在册的班级数。",
)
oversize_classes = Figure(
    "大班额班级",
    unit="个",
    table=ClassGroup,
    where=_.stage.isin(["primary", "junior"]) & _["size"].isin(["oversize", "very_large"]),
    value=_.count(),
    by=("stage", "school", "size", "urban_rural"),
    related=("pupils",),
    definition="冻结时义务教育阶段达到大班额标准的班级数，含超大班额。",
    empty="zero",
)
compulsory_classes = Figure(
    "义务教育班级",
    unit="个",
    table=ClassGroup,
    where=_.stage.isin(["primary", "junior"]),
    value=_.count(),
    by=("stage", "school", "size", "urban_rural"),
    definition="冻结时在册的小学、初中班级数。",
)
oversize_rate = Ratio("大班额比例", top="enrolment.oversize_classes", bottom="enrolment.compulsory_classes")
pupils = Figure(
    "在校学生",
    unit="人",
    table=Pupil,
    over=stock("entered_on", "left_on"),
    value=_.person.nunique(),
    by=("stage", "school", "grade", "sex", "boarding", "urban_rural", "household"),
    definition="时期末在册的学生数，含在园幼儿。",
)
boarders = Figure(
    "寄宿学生",
    unit="人",
    table=Pupil,
    over=stock("entered_on", "left_on"),
    where=_.boarding == "boarder",
    value=_.person.nunique(),
    by=("stage", "school", "sex", "urban_rural"),
    definition="时期末在册、就读方式为住校的学生数。",
)
class_size_variation = Figure(
    "义务教育学校班均人数差异系数",
    unit="",
    table=School,
    where=_.kind.isin(["211", "311", "312"]) & (_.classes > 0),
    value=weighted_cv(_.pupils / _.classes, _.pupils),
    related=("pupils", "classes"),
    definition="小学、初级中学和九年一贯制学校班均人数以学生数加权的差异系数，没有班级的不计，越小越均衡。",
)
exam_candidates = Figure(
    "高考考生",
    unit="人",
    table=ExamCandidate,
    over=flow("exam_on"),
    value=_.person.nunique(),
    by=("track", "school"),
    definition="时期内参加高考的报名考生数。",
)
compulsory_pupils = Figure(
    "义务教育在校学生",
    unit="人",
    table=Pupil,
    over=stock("entered_on", "left_on"),
    where=_.stage.isin(["primary", "junior"]),
    value=_.person.nunique(),
    by=("stage", "school", "grade", "sex", "urban_rural", "household"),
    definition="时期末在册的小学、初中学生数。",
)
class_average = Figure(
    "义务教育平均班额",
    unit="人",
    table=ClassGroup,
    where=_.stage.isin(["primary", "junior"]),
    value=_.pupils.mean(),
    by=("stage", "school", "urban_rural"),
    definition="冻结时在册的小学、初中班级平均每班的在校学生数。",
)
boarding_rate = Ratio(
    "寄宿比例",
    top="enrolment.boarders",
    bottom="enrolment.pupils",
    definition="时期末在校学生中寄宿学生所占的比例。",
)
pupils_from_elsewhere = Figure(
    "户籍在区外的学生",
    unit="人",
    table=Pupil,
    over=stock("entered_on", "left_on"),
    where=_.household.isin(["province", "outside"]),
    value=_.person.nunique(),
    by=("stage", "school", "household", "urban_rural"),
    definition="时期末在册而户籍不在本区的学生数，含外省户籍。",
)
attached_classes = Figure(
    "附设班",
    unit="个",
    table=ClassGroup,
    where=_.attached,
    value=_.count(),
    by=("stage", "school"),
    related=("pupils",),
    definition="冻结时在册的附设班数，如小学附设的幼儿班。",
    empty="zero",
)
entrants = Figure(
    "入学学生",
    unit="人",
    table=Pupil,
    over=flow("entered_on"),
    value=_.person.nunique(),
    by=("stage", "school", "sex", "household"),
    definition="入学日期在时期内的学生数，含转入。",
)
leavers = Figure(
    "离校学生",
    unit="人",
    table=Pupil,
    over=flow("left_on"),
    value=_.person.nunique(),
    by=("stage", "school", "sex"),
    definition="离校日期在时期内的学生数，含毕业和转出。",
)
zoned_schools = Figure(
    "划片招生学校",
    unit="所",
    table=SchoolZone,
    over=YEAR,
    value=_.school.nunique(),
    by=("stage", "urban_rural"),
    definition="时期所在年度公布了学区范围的学校数。",
)
zone_communities = Figure(
    "划片社区（村）",
    unit="个",
    table=SchoolZone,
    over=YEAR,
    value=_.count(),
    by=("stage", "school", "urban_rural"),
    definition="时期所在年度各校学区所含的社区和村数。",
)
feeder_schools = Figure(
    "对口直升小学",
    unit="所",
    table=Feeder,
    over=YEAR,
    value=_.school.nunique(),
    by=("junior", "urban_rural"),
    definition="时期所在年度整体对口升入一所初中的小学数。",
)
