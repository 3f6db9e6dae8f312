"""What cannot be true of a project, a milestone, an application."""

from datetime import date

import pytest

from xuezheng.areas.works.models import ExamCentre, Milestone, Project, SmartApplication
from xuezheng.records.models import School


def project(**fields):
    return Project(**{"code": "A1", "listed_on": date(2019, 3, 1), "budget": 100_00, **fields})


@pytest.mark.parametrize(
    "record",
    [
        project(),
        project(contractor="甲公司", contract_amount=100_00),
        Milestone(project=project(), step="started", planned_on=date(2019, 3, 1)),
        Milestone(project=project(), step="started", planned_on=date(2019, 4, 1), real_on=date(2019, 3, 1)),
        SmartApplication(built_on=date(2019, 6, 1)),
        SmartApplication(built_on=date(2019, 6, 1), used_since=date(2019, 6, 1), users=3),
        ExamCentre(school=School(), rooms=3, finished_on=date(2019, 6, 1), used_since=date(2019, 6, 7)),
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (project(contractor="甲公司"), "contract_amount", "施工单位和合同价应同时填写"),
        (project(contract_amount=100_00), "contract_amount", "施工单位和合同价应同时填写"),
        (
            project(contractor="甲公司", contract_amount=100_01),
            "contract_amount",
            "合同价高于预算",
        ),
        (
            Milestone(project=project(), step="started", planned_on=date(2019, 2, 28)),
            "planned_on",
            "计划日期早于项目的立项日期2019-03-01",
        ),
        (
            Milestone(
                project=project(), step="started", planned_on=date(2019, 3, 1), real_on=date(2019, 2, 28)
            ),
            "real_on",
            "实际日期早于项目的立项日期2019-03-01",
        ),
        (SmartApplication(built_on=date(2019, 6, 1), users=1), "users", "未启用的应用不应有使用人数"),
        (
            SmartApplication(built_on=date(2019, 6, 1), used_since=date(2019, 5, 31)),
            "used_since",
            "启用日期早于验收日期2019-06-01",
        ),
        (
            ExamCentre(finished_on=date(2019, 6, 1), used_since=date(2019, 5, 31)),
            "used_since",
            "启用日期早于建成日期2019-06-01",
        ),
    ],
)
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]
