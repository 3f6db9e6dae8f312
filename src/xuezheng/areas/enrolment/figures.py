"""The section's figures: schools, classes, pupils, candidates."""

from ibis import _

from xuezheng.areas.enrolment.models import ExamCandidate
from xuezheng.figures import Figure, Ratio, flow, stock, weighted_cv
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
    beside=("pupils",),
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
    by=("stage", "school", "grade", "sex", "boarding", "urban_rural"),
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
    beside=("pupils", "classes"),
    definition="各校班均人数以学生数加权的差异系数，越小越均衡。",
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
