"""The party office's figures."""

from ibis import _

from xuezheng.areas.party.models import (
    BranchElection,
    Development,
    IntegrityTask,
    Member,
    MemberGrading,
    MemberSchool,
    Organisation,
    OrganisationRating,
    PlatformUse,
)
from xuezheng.figures import YEAR, Figure, Ratio, flow, stock
from xuezheng.records.models import Attendance, Prize, Training

EXISTING = stock("founded_on", "dissolved_on")
USED = (_.days > 0) & _.in_post

organisations = Figure(
    "党组织",
    unit="个",
    table=Organisation,
    over=EXISTING,
    value=_.count(),
    by=("kind", "sector", "parent"),
    definition="时期末已成立而没有撤销的党组织数，含工委和局机关党支部。",
)
joint_branches_founded = Figure(
    "新成立联合党支部",
    unit="个",
    table=Organisation,
    over=flow("founded_on"),
    where=_.kind == "joint_branch",
    value=_.count(),
    by=("sector", "parent"),
    definition="时期内成立的联合党支部数。",
)
organised_schools = Figure(
    "有党组织的学校",
    unit="所",
    table=MemberSchool,
    value=_.school.nunique(),
    by=("organisation", "organisation_kind", "runner"),
    definition="冻结时归属于一个党组织的学校和幼儿园数。",
)
secretaries_due = Figure(
    "须核对书记任职的党组织",
    unit="个",
    table=Organisation,
    over=EXISTING,
    where=_.sector != "bureau",
    value=_.count(),
    by=("kind", "sector"),
    related=("secretary", "secretary_rank"),
    definition="时期末有所属学校的党组织数，书记任职应符合公办、民办学校各自的要求。",
)
secretaries_fit = Figure(
    "书记任职合规的党组织",
    unit="个",
    table=Organisation,
    over=EXISTING,
    where=_.secretary_fits.fill_null(False),
    value=_.count(),
    by=("kind", "sector"),
    related=("secretary", "secretary_rank"),
    definition="时期末有所属学校的党组织中，公办学校由校（园）长任书记、民办学校由中层以上管理人员任书记的党组织数。",
    empty="zero",
)
secretaries_unfit = Figure(
    "书记任职不合规的党组织",
    unit="个",
    table=Organisation,
    over=EXISTING,
    where=~_.secretary_fits.fill_null(True),
    value=_.count(),
    by=("kind", "sector"),
    related=("secretary", "secretary_rank", "secretary_is_head"),
    definition="时期末有所属学校的党组织中，书记不是公办学校校（园）长，或不是民办学校中层以上管理人员的党组织数。",
    empty="zero",
)
secretary_fit_rate = Ratio(
    "书记任职合规率",
    top="party.secretaries_fit",
    bottom="party.secretaries_due",
    definition="时期末有所属学校的党组织中，书记任职合规的所占的比例。",
)
members = Figure(
    "党员",
    unit="名",
    table=Member,
    over=stock("joined_on", "left_on"),
    value=_.person.nunique(),
    by=("organisation", "sex"),
    definition="时期末在册的党员数，含预备党员。",
)
members_joined = Figure(
    "新入党党员",
    unit="名",
    table=Member,
    over=flow("joined_on"),
    value=_.person.nunique(),
    by=("organisation", "sex"),
    definition="入党日期在时期内的党员数。",
)
rated_organisations = Figure(
    "参加评星的党组织",
    unit="个",
    table=OrganisationRating,
    over=YEAR,
    value=_.organisation.nunique(),
    by=("stars", "organisation"),
    related=("score",),
    definition="时期所在年度参加堡垒指数评定的党组织数，星级由得分和最低得分标准确定。",
)
organisation_score = Figure(
    "堡垒指数平均得分",
    unit="分",
    table=OrganisationRating,
    over=YEAR,
    value=_.score.mean().round(1),
    by=("organisation",),
    definition="时期所在年度参加评星的党组织堡垒指数得分的平均数。",
)
graded_members = Figure(
    "参加评定的党员",
    unit="个",
    table=MemberGrading,
    over=YEAR,
    value=_.member.nunique(),
    by=("grade", "organisation"),
    related=("score",),
    definition="时期所在年度参加先锋指数评定的党员数，等次由得分和最低得分标准确定。",
)
member_score = Figure(
    "先锋指数平均得分",
    unit="分",
    table=MemberGrading,
    over=YEAR,
    value=_.score.mean().round(1),
    by=("organisation",),
    definition="时期所在年度参加评定的党员先锋指数得分的平均数。",
)
branch_elections = Figure(
    "换届的党组织",
    unit="个",
    table=BranchElection,
    over=flow("held_on"),
    value=_.organisation.nunique(),
    by=("organisation_kind", "guided", "organisation"),
    definition="时期内举行了换届选举的党组织数。",
)
branch_elections_guided = Figure(
    "党支部换届指导",
    unit="个",
    table=BranchElection,
    over=flow("held_on"),
    where=_.guided,
    value=_.organisation.nunique(),
    by=("organisation_kind", "organisation"),
    definition="时期内举行换届选举、党建办派人到会指导的党组织数。",
    empty="zero",
)
terms_expired = Figure(
    "任期已满未换届的党组织",
    unit="个",
    table=BranchElection,
    over=stock("held_on"),
    where=_.expired.fill_null(False),
    value=_.organisation.nunique(),
    by=("organisation_kind", "organisation"),
    definition="到冻结日，最近一次换届至今已满一届任期的党组织数，已撤销的除外。",
    empty="zero",
)
applicants = Figure(
    "入党申请人",
    unit="名",
    table=Development,
    over=stock("applied_on", "activist_on", "ended_on"),
    value=_.person.nunique(),
    by=("organisation",),
    definition="时期末已申请入党而还没有确定为积极分子的人数，已终止培养的除外。",
    empty="zero",
)
activists = Figure(
    "入党积极分子",
    unit="名",
    table=Development,
    over=stock("activist_on", "prospect_on", "ended_on"),
    value=_.person.nunique(),
    by=("organisation",),
    definition="时期末已确定为积极分子而还没有列为发展对象的人数，已终止培养的除外。",
    empty="zero",
)
prospective_members = Figure(
    "预发展党员",
    unit="名",
    table=Development,
    over=flow("prospect_on"),
    value=_.person.nunique(),
    by=("organisation",),
    definition="时期内列为发展对象、拟发展入党的人数。",
)
probationary_members = Figure(
    "接收预备党员",
    unit="名",
    table=Development,
    over=flow("probationary_on"),
    value=_.person.nunique(),
    by=("organisation",),
    definition="时期内接收为预备党员的人数。",
)
trainings = Figure(
    "党务工作者专题培训",
    unit="场次",
    table=Training,
    over=flow("held_on"),
    where=_.section == "party",
    value=_.count(),
    by=("level", "topic"),
    definition="时期内开始的党建业务培训场次数。",
)
trained = Figure(
    "参加党务培训人员",
    unit="人次",
    table=Attendance,
    over=flow("held_on"),
    where=_.section == "party",
    value=_.count(),
    by=("level", "topic", "school"),
    definition="时期内参加党建业务培训的人次数。",
)
platform_staff = Figure(
    "应使用学习平台的教职工",
    unit="人",
    table=PlatformUse,
    over=flow("month"),
    where=_.in_post & ~_.private_school,
    value=_.person.nunique(),
    by=("school",),
    definition="时期内列入学习平台统计、当月在职的公办学校和局机关教职工人数。",
)
platform_users = Figure(
    "使用学习平台的教职工",
    unit="人",
    table=PlatformUse,
    over=flow("month"),
    where=USED & ~_.private_school,
    value=_.person.nunique(),
    by=("school",),
    related=("days",),
    definition="时期内至少使用过一天学习平台的公办学校和局机关在职教职工人数。",
    empty="zero",
)
platform_coverage = Ratio(
    "学习平台使用覆盖率",
    top="party.platform_users",
    bottom="party.platform_staff",
    definition="公办学校和局机关的在职教职工中，时期内使用过学习平台的所占的比例。",
)
platform_staff_all = Figure(
    "应使用学习平台的教职工（含民办）",
    unit="人",
    table=PlatformUse,
    over=flow("month"),
    where=_.in_post,
    value=_.person.nunique(),
    by=("school", "private_school"),
    definition="时期内列入学习平台统计、当月在职的教职工人数，含民办学校。",
)
platform_users_all = Figure(
    "使用学习平台的教职工（含民办）",
    unit="人",
    table=PlatformUse,
    over=flow("month"),
    where=USED,
    value=_.person.nunique(),
    by=("school", "private_school"),
    related=("days",),
    definition="时期内至少使用过一天学习平台的在职教职工人数，含民办学校。",
    empty="zero",
)
platform_coverage_all = Ratio(
    "学习平台使用覆盖率（含民办）",
    top="party.platform_users_all",
    bottom="party.platform_staff_all",
    definition="含民办学校在内的在职教职工中，时期内使用过学习平台的所占的比例。",
)
platform_days = Figure(
    "学习平台月均使用天数",
    unit="天",
    table=PlatformUse,
    over=flow("month"),
    where=_.in_post,
    value=_.days.mean().round(1),
    by=("school", "private_school"),
    definition="时期内在职教职工平均每人每月使用学习平台的天数。",
)
essays_awarded = Figure(
    "征文获优秀奖",
    unit="篇",
    table=Prize,
    over=flow("awarded_on"),
    where=(_.section == "party")
    & (_.winner == "staff")
    & (_["rank"] == "merit")
    & _.contest.contains("征文"),
    value=_.count(),
    by=("level", "school"),
    related=("work",),
    definition="时期内教职工在党建征文评选中获优秀奖的篇数。",
)
integrity_tasks = Figure(
    "廉政任务",
    unit="项",
    table=IntegrityTask,
    over=flow("due_on"),
    value=_.count(),
    by=("kind", "owner", "state"),
    definition="完成时限在时期内的党风廉政任务数。",
)
integrity_tasks_done = Figure(
    "已完成的廉政任务",
    unit="项",
    table=IntegrityTask,
    over=flow("due_on"),
    where=_.state.isin(["in_time", "late"]),
    value=_.count(),
    by=("kind", "owner", "state"),
    definition="完成时限在时期内的党风廉政任务中，到冻结日已完成的项数，含逾期完成的。",
    empty="zero",
)
integrity_tasks_overdue = Figure(
    "逾期未完成的廉政任务",
    unit="项",
    table=IntegrityTask,
    over=flow("due_on"),
    where=_.state == "overdue",
    value=_.count(),
    by=("kind", "owner"),
    definition="完成时限在时期内的党风廉政任务中，到冻结日已过时限而没有完成的项数。",
    empty="zero",
)
integrity_done_rate = Ratio(
    "廉政任务完成率",
    top="party.integrity_tasks_done",
    bottom="party.integrity_tasks",
    definition="完成时限在时期内的党风廉政任务中，到冻结日已完成的所占的比例。",
)
integrity_papers = Figure(
    "印发廉政文件",
    unit="份",
    table=IntegrityTask,
    over=flow("done_on"),
    where=_.kind == "paper",
    value=_.count(),
    by=("owner",),
    related=("document",),
    definition="时期内印发的党风廉政文件份数。",
)
integrity_talks = Figure(
    "廉政谈话",
    unit="次",
    table=IntegrityTask,
    over=flow("done_on"),
    where=_.kind == "talk",
    value=_.count(),
    by=("owner",),
    definition="时期内完成的廉政谈话任务次数。",
)
