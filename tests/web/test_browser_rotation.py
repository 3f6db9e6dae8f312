"""The rotation of teachers in a real browser: workbooks, the due list, a plan computed by the worker, a change, the decision, the letters, the register."""

from datetime import date

import docx
import pytest
from django.utils import timezone
from playwright.sync_api import expect
from tests.conftest import citizen_id
from tests.web.test_browser_enrolment import OTHER, OWN, send, snapshot  # noqa: F401 - fixtures

from xuezheng.areas.staffing.models import RotationPlan
from xuezheng.records.models import School, StaffMember, User

pytestmark = pytest.mark.browser

THIRD = "2134990003"


def teacher(order):
    return [f"教师{'甲乙丙丁戊己庚辛'[order]}", citizen_id(order, "1985-05-12", "男")]


@pytest.fixture
def year(district):
    """The year in whose autumn the moves began: its registers may be written already."""
    School.objects.create(code=THIRD, name="坤沙小学", kind="211", urban_rural="220", runner="831")
    today = timezone.localdate()
    return today.year if today >= date(today.year, 9, 1) else today.year - 1


def test_from_the_due_list_to_the_letters(desk, live_server, users, send, worker, year, tmp_path):  # noqa: F811
    User.objects.create(
        username="staffing", password=users["office"].password, toured_at=users["office"].toured_at,
        role=User.Role.SECTION, section="staffing",
    )  # fmt: skip
    section = desk("staffing", 1440, 900)
    page, school_year = section.page, f"{year}-{year + 1}"
    people = [teacher(order) for order in range(6)]
    schools = [OWN] * 5 + [OTHER]
    send(
        page,
        "教职工名册",
        [
            [*about, school, "专任教师", f"{year - 8}-09-01", ""]
            for about, school in zip(people, schools, strict=True)
        ],
    )
    send(
        page,
        "任教学科表",
        [[*about, school, "小学", "语文"] for about, school in zip(people, schools, strict=True)],
    )
    backbone = [[*about, "本科", "", "未定级", "", "区级", f"{year - 3}-12-01"] for about in people[3:5]]
    send(page, "教师业务档案", backbone)
    send(
        page, "交流志愿表",
        [[*people[order], school_year, OWN, f"{year}-05-08", *wishes, "", ""] for order, wishes in ((0, (THIRD, OTHER, "")), (1, (THIRD, "", "")))],
    )  # fmt: skip
    send(
        page,
        "交流岗位表",
        [[THIRD, school_year, "小学", "语文", "3"], [OTHER, school_year, "小学", "语文", "1"]],
    )
    page.get_by_role("link", name="交流轮岗", exact=True).click()
    expect(page.get_by_role("row", name="教师甲 云岭第一小学")).to_contain_text(
        f"{year - 8}年9月1日到本校任教，满8年，达到规定的6年。"
    )
    page.get_by_role("link", name="2 志愿和岗位").click()
    expect(page.get_by_role("row", name="教师丙")).to_contain_text("还没有交流志愿")
    page.get_by_role("link", name="3 编排方案、定案").click()
    page.get_by_label("方案名称").fill("方案一")
    page.get_by_role("button", name="编排").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"{school_year}学年交流轮岗 方案一")
    expect(page.get_by_text("各项目标都已证明最优")).to_be_visible()
    # Without one of the backbone teachers, who have no wish, the share of backbone teachers would be missed.
    before = set(
        RotationPlan.objects.get().placements.exclude(to_school=None).values_list("person__name", flat=True)
    )
    assert len(before) == 2
    assert len(before & {"教师丁", "教师戊"}) == 1
    page.get_by_role("link", name="不动", exact=False).click()
    page.get_by_role("row", name="教师己").get_by_role("link", name="调整").click()
    page.get_by_label("改为").select_option(label="坤沙小学")
    page.get_by_label("调整原因").fill("乡村学校急需骨干")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("方案一")
    page.get_by_label("定案依据").fill("局长办公会")
    page.get_by_label("到岗日期").fill(f"{year}-09-01")
    page.get_by_role("button", name="定案", exact=True).click()
    expect(page.get_by_text("方案现为“已定案”")).to_be_visible()
    leader = desk("leader", 390, 844)
    leader.page.goto(page.url)
    expect(leader.page.get_by_role("button", name="登记到岗")).to_have_count(0)
    with leader.page.expect_download() as download:
        leader.page.get_by_role("link", name="全部通知").click()
    download.value.save_as(tmp_path / "通知.docx")
    moved = RotationPlan.objects.get().placements.exclude(to_school=None)
    text = [paragraph.text for paragraph in docx.Document(str(tmp_path / "通知.docx")).paragraphs]
    assert text.count("交流通知") == moved.count() > 0
    assert {f"{name}老师：" for name in moved.values_list("person__name", flat=True)} <= set(text)
    page.get_by_role("button", name="登记到岗").click()
    expect(page.get_by_text("方案现为“已登记到岗”")).to_be_visible()
    for row in moved:
        assert StaffMember.objects.get(person=row.person, post_until=None).school == row.to_school
    clerk = desk("clerk", 390, 844)
    clerk.page.goto(f"{live_server.url}/staffing/rotation/{year}/moves/")
    own = moved.filter(from_school__code=OWN).values_list("person__name", flat=True)
    for name in own:
        expect(clerk.page.get_by_role("row", name=name)).to_be_visible()
    assert section.faults == leader.faults == clerk.faults == []
