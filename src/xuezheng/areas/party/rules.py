"""The rule columns of the party area: stars, grades, whether secretaries have the required rank, states of tasks."""

import ibis

from xuezheng.areas.party.models import (
    BranchElection,
    IntegrityTask,
    MemberGrading,
    Organisation,
    OrganisationRating,
    PlatformUse,
)
from xuezheng.policy import Policy
from xuezheng.rules import column, full_years, happened, timeliness, timeliness_names

STARS = {"5": "五星级", "4": "四星级", "3": "三星级", "none": "未定星级"}
GRADES = {"pioneer": "先锋党员", "qualified": "合格党员", "warned": "警示党员"}
SECTORS = {"public": "公办学校", "private": "民办学校", "bureau": "工委和局机关"}
STATES = timeliness_names("完成", "进行中")


@column(Organisation, choices=SECTORS)
def sector(organisation: ibis.Table, policy: Policy) -> ibis.Value:
    """所属领域：所属学校中有民办学校的为民办学校，其他有所属学校的为公办学校，没有所属学校的为工委和局机关。"""
    return ibis.cases(
        (organisation.has_private_school, "private"), (organisation.has_school, "public"), else_="bureau"
    )


@column(Organisation, null=True)
def secretary_fits(organisation: ibis.Table, policy: Policy) -> ibis.Value:
    """书记任职合规：公办学校由校（园）长任书记，民办学校由中层以上管理人员任书记，没有书记的不合规，工委和局机关不判断。"""
    ranked = organisation.secretary_rank.isin(["head", "deputy", "middle"]).fill_null(False)
    ranked &= organisation.secretary.notnull()
    return ibis.cases(
        (organisation.sector == "public", organisation.secretary_is_head),
        (organisation.sector == "private", ranked),
    )


@column(OrganisationRating, choices=STARS)
def stars(rating: ibis.Table, policy: Policy) -> ibis.Value:
    """星级：按评定日施行的最低得分，由堡垒指数得分确定。"""
    least = {
        star: policy.star_score.on(rating.rated_on, ibis.literal(star)) for star in STARS if star != "none"
    }
    return ibis.cases(*((rating.score >= score, star) for star, score in least.items()), else_="none")


@column(MemberGrading, choices=GRADES)
def grade(grading: ibis.Table, policy: Policy) -> ibis.Value:
    """评定等次：按评定日施行的最低得分，由先锋指数得分分为先锋、合格和警示党员。"""
    return ibis.cases(
        (grading.score >= policy.pioneer_score.on(grading.rated_on), "pioneer"),
        (grading.score >= policy.qualified_score.on(grading.rated_on), "qualified"),
        else_="warned",
    )


@column(BranchElection, null=True)
def expired(election: ibis.Table, policy: Policy) -> ibis.Value:
    """任期已满：最近一次换届到快照日已满一届任期的为已满，不是最近一次的、党组织已撤销的不判断。"""
    term = policy.branch_term.on(policy.day, election.organisation_kind)
    served = full_years(election.held_on, policy.day)
    dissolved = happened(election.dissolved_on, policy.day)
    return ibis.cases((election.is_latest & ~dissolved, served >= term))


@column(IntegrityTask, choices=STATES)
def state(task: ibis.Table, policy: Policy) -> ibis.Value:
    """任务状态：由完成时限、完成日期和快照日确定。"""
    return timeliness(task.done_on, task.due_on, policy.day)


@column(PlatformUse)
def private_school(use: ibis.Table, policy: Policy) -> ibis.Value:
    """民办学校教职工：所在学校的举办者为民办。"""
    return (use.runner == "999").fill_null(False)
