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
from xuezheng.figures import YEAR, Population, Ratio, flow, stock
from xuezheng.records.models import Attendance, Prize, Training

USED = (_.days > 0) & _.in_post

ORGANISATIONS = Population(Organisation, stock("founded_on", "dissolved_on"), by=("kind", "sector"))
organisations = ORGANISATIONS.count(
    "党组织",
    "个",
    "时期末已成立而没有撤销的党组织数，含工委和局机关党支部。",
    by=("kind", "sector", "parent"),
)
joint_branches_founded = Population(Organisation, flow("founded_on"), by=("sector", "parent")).count(
    "新成立联合党支部", "个", "时期内成立的联合党支部数。", where=_.kind == "joint_branch"
)
organised_schools = Population(MemberSchool, by=("organisation", "organisation_kind", "runner")).schools(
    "有党组织的学校", "快照日归属于一个党组织的学校和幼儿园数。"
)
secretaries_due = ORGANISATIONS.count(
    "须核对书记任职的党组织",
    "个",
    "时期末有所属学校的党组织数，书记任职应符合公办、民办学校各自的要求。",
    where=_.sector != "bureau",
    related=("secretary", "secretary_rank"),
)
secretaries_fit = ORGANISATIONS.count(
    "书记任职合规的党组织",
    "个",
    "时期末有所属学校的党组织中，公办学校由校（园）长任书记、民办学校由中层以上管理人员任书记的党组织数。",
    where=_.secretary_fits.fill_null(False),
    related=("secretary", "secretary_rank"),
    empty="zero",
)
secretaries_unfit = ORGANISATIONS.count(
    "书记任职不合规的党组织",
    "个",
    "时期末有所属学校的党组织中，书记不是公办学校校（园）长，或不是民办学校中层以上管理人员的党组织数。",
    where=~_.secretary_fits.fill_null(True),
    related=("secretary", "secretary_rank", "secretary_is_head"),
    empty="zero",
    better="lower",
)
secretary_fit_rate = Ratio(
    "书记任职合规率",
    top="party.secretaries_fit",
    bottom="party.secretaries_due",
    definition="时期末有所属学校的党组织中，书记任职合规的所占的比例。",
    better="higher",
)
members = Population(Member, stock("joined_on", "left_on"), by=("organisation", "sex")).people(
    "党员", "名", "时期末在册的党员数，含预备党员。"
)
members_joined = Population(Member, flow("joined_on"), by=("organisation", "sex")).people(
    "新入党党员", "名", "入党日期在时期内的党员数。"
)
RATINGS = Population(OrganisationRating, YEAR, by=("stars", "organisation"))
rated_organisations = RATINGS.figure(
    "参加评星的党组织",
    "个",
    _.organisation.nunique(),
    "时期所在年度参加堡垒指数评定的党组织数，星级由得分和最低得分标准确定。",
    related=("score",),
)
organisation_score = RATINGS.figure(
    "堡垒指数平均得分",
    "分",
    _.score.mean().round(1),
    "时期所在年度参加评星的党组织堡垒指数得分的平均数。",
    by=("organisation",),
)
GRADINGS = Population(MemberGrading, YEAR, by=("grade", "organisation"))
graded_members = GRADINGS.figure(
    "参加评定的党员",
    "名",
    _.member.nunique(),
    "时期所在年度参加先锋指数评定的党员数，等次由得分和最低得分标准确定。",
    related=("score",),
)
member_score = GRADINGS.figure(
    "先锋指数平均得分",
    "分",
    _.score.mean().round(1),
    "时期所在年度参加评定的党员先锋指数得分的平均数。",
    by=("organisation",),
)
ELECTIONS = Population(BranchElection, flow("held_on"), by=("organisation_kind", "guided", "organisation"))
branch_elections = ELECTIONS.figure(
    "换届的党组织", "个", _.organisation.nunique(), "时期内举行了换届选举的党组织数。"
)
branch_elections_guided = ELECTIONS.figure(
    "党支部换届指导",
    "个",
    _.organisation.nunique(),
    "时期内举行换届选举、党建办派人到会指导的党组织数。",
    where=_.guided,
    by=("organisation_kind", "organisation"),
    empty="zero",
)
terms_expired = Population(BranchElection, stock("held_on"), by=("organisation_kind", "organisation")).figure(
    "任期已满未换届的党组织",
    "个",
    _.organisation.nunique(),
    "到快照日，最近一次换届至今已满一届任期的党组织数，已撤销的除外。",
    where=_.expired.fill_null(False),
    empty="zero",
    better="lower",
)
applicants = Population(
    Development, stock("applied_on", "activist_on", "ended_on"), by=("organisation",)
).people("入党申请人", "名", "时期末已申请入党而还没有确定为积极分子的人数，已终止培养的除外。", empty="zero")
activists = Population(
    Development, stock("activist_on", "prospect_on", "ended_on"), by=("organisation",)
).people(
    "入党积极分子", "名", "时期末已确定为积极分子而还没有列为发展对象的人数，已终止培养的除外。", empty="zero"
)
prospective_members = Population(Development, flow("prospect_on"), by=("organisation",)).people(
    "预发展党员", "名", "时期内列为发展对象、拟发展入党的人数。"
)
probationary_members = Population(Development, flow("probationary_on"), by=("organisation",)).people(
    "接收预备党员", "名", "时期内接收为预备党员的人数。"
)
trainings = Population(Training, flow("held_on"), by=("level", "topic")).count(
    "党务工作者专题培训", "场次", "时期内开始的党建业务培训场次数。", where=_.section == "party"
)
trained = Population(Attendance, flow("held_on"), by=("level", "topic", "school")).count(
    "参加党务培训人员", "人次", "时期内参加党建业务培训的人次数。", where=_.section == "party"
)
PLATFORM_USE = Population(PlatformUse, flow("month"), by=("school", "private_school"))
platform_staff = PLATFORM_USE.people(
    "应使用学习平台的教职工",
    "人",
    "时期内列入学习平台统计、当月在职的公办学校和局机关教职工人数。",
    where=_.in_post & ~_.private_school,
    by=("school",),
)
platform_users = PLATFORM_USE.people(
    "使用学习平台的教职工",
    "人",
    "时期内至少使用过一天学习平台的公办学校和局机关在职教职工人数。",
    where=USED & ~_.private_school,
    by=("school",),
    related=("days",),
    empty="zero",
)
platform_coverage = Ratio(
    "学习平台使用覆盖率",
    top="party.platform_users",
    bottom="party.platform_staff",
    definition="公办学校和局机关的在职教职工中，时期内使用过学习平台的所占的比例。",
    better="higher",
)
platform_staff_all = PLATFORM_USE.people(
    "应使用学习平台的教职工（含民办）",
    "人",
    "时期内列入学习平台统计、当月在职的教职工人数，含民办学校。",
    where=_.in_post,
)
platform_users_all = PLATFORM_USE.people(
    "使用学习平台的教职工（含民办）",
    "人",
    "时期内至少使用过一天学习平台的在职教职工人数，含民办学校。",
    where=USED,
    related=("days",),
    empty="zero",
)
platform_coverage_all = Ratio(
    "学习平台使用覆盖率（含民办）",
    top="party.platform_users_all",
    bottom="party.platform_staff_all",
    definition="含民办学校在内的在职教职工中，时期内使用过学习平台的所占的比例。",
    better="higher",
)
platform_days = PLATFORM_USE.figure(
    "学习平台月均使用天数",
    "天",
    _.days.mean().round(1),
    "时期内在职教职工平均每人每月使用学习平台的天数。",
    where=_.in_post,
)
essays_awarded = Population(Prize, flow("awarded_on"), by=("level", "school")).count(
    "征文获优秀奖",
    "篇",
    "时期内教职工在党建征文评选中获优秀奖的篇数。",
    where=(_.section == "party")
    & (_.winner == "staff")
    & (_["rank"] == "merit")
    & _.contest.contains("征文"),
    related=("work",),
)
TASKS_DUE = Population(IntegrityTask, flow("due_on"), by=("kind", "owner", "state"))
integrity_tasks = TASKS_DUE.count("廉政任务", "项", "完成时限在时期内的党风廉政任务数。")
integrity_tasks_done = TASKS_DUE.count(
    "已完成的廉政任务",
    "项",
    "完成时限在时期内的党风廉政任务中，到快照日已完成的项数，含逾期完成的。",
    where=_.state.isin(["in_time", "late"]),
    empty="zero",
)
integrity_tasks_overdue = TASKS_DUE.count(
    "逾期未完成的廉政任务",
    "项",
    "完成时限在时期内的党风廉政任务中，到快照日已过时限而没有完成的项数。",
    where=_.state == "overdue",
    by=("kind", "owner"),
    empty="zero",
    better="lower",
)
integrity_done_rate = Ratio(
    "廉政任务完成率",
    top="party.integrity_tasks_done",
    bottom="party.integrity_tasks",
    definition="完成时限在时期内的党风廉政任务中，到快照日已完成的所占的比例。",
    better="higher",
)
TASKS_DONE = Population(IntegrityTask, flow("done_on"), by=("owner",))
integrity_papers = TASKS_DONE.count(
    "印发廉政文件", "份", "时期内印发的党风廉政文件份数。", where=_.kind == "paper", related=("document",)
)
integrity_talks = TASKS_DONE.count("廉政谈话", "次", "时期内完成的廉政谈话任务次数。", where=_.kind == "talk")
