"""A short report of two sections of the small district, and the people who review and issue it."""

import pytest
from docx.oxml.ns import qn
from tests.edited import edited

from xuezheng.core.periods import Period
from xuezheng.records.models import District, User
from xuezheng.reports.releases import steps
from xuezheng.reports.releases.checklist import checklist
from xuezheng.reports.releases.models import Release
from xuezheng.reports.templates import catalogue as template_catalogue

PERIOD = Period.parse("2019H1")
NUMBER = "云教〔2019〕12号"
SOURCE = """
# 工作报告

## 一、资助

资助建档立卡学生{{ n("aid.registered_poor_pupils") }}，金额{{ n("aid.registered_poor_amount") }}。

## 二、招生

考生{{ n("enrolment.exam_candidates") }}（文史类{{ n("enrolment.exam_candidates", track="arts") }}）。

报考情况
| 科类 | 考生 |
| 理工类 | {{ n("enrolment.exam_candidates", track="science") }} |

党员{{ n("party.members") }}。
"""


@pytest.fixture
def template(tmp_path, monkeypatch):
    """The file of the template ``notice``; a test may write another text into it."""
    path = tmp_path / "notice.md"
    path.write_text(SOURCE, encoding="utf-8")
    monkeypatch.setattr(template_catalogue, "shipped_templates", lambda: {"notice": path})
    return path


@pytest.fixture
def users(db):
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    kinds = {"office": {}, "section": {"section": "aid"}, "leader": {}, "clerk": {}}
    return {role: User.objects.create(username=role, role=role, **further) for role, further in kinds.items()}


@pytest.fixture
def draft(template, users, snapshot):
    """The first version of a release."""
    return steps.draft("notice", snapshot, PERIOD, users["office"])


@pytest.fixture
def upload(users):
    """Upload an edited copy of a version as the next one."""

    def take(version, change, user="office"):
        content = edited(version.content(), change)
        return steps.take_in(version.release, content, "修改稿.docx", users[user], version.number)

    return take


@pytest.fixture
def ready(users):
    """Review, explain and sign all that a version asks for."""

    def prepare(version):
        for section in version.parts:
            own = steps.own_section(users["section"]) == section
            steps.review(version, section, users["section" if own else "office"])
        if keys := [entry.item.key for entry in checklist(version) if entry.open]:
            steps.explain(version, keys, "本期没有这项工作。", users["office"])
        steps.sign(Release.objects.with_reviews().get(pk=version.release_id).current, NUMBER, users["leader"])
        return version

    return prepare


@pytest.fixture
def write():
    """A change that puts a text into the place of the first that is just so, or into that of a part of one."""

    def replacing(old, new):
        def change(opened):
            texts = [text for text in opened.element.body.iter(qn("w:t")) if old in (text.text or "")]
            [text, *_] = [text for text in texts if text.text == old] or texts
            text.text = text.text.replace(old, new)

        return change

    return replacing
