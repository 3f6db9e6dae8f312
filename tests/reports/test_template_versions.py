"""The bureau's templates: versions, who may make them, who wins of two, the chain, and the file."""

from datetime import date

import pytest

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.records.models import ChainLink, District, User
from xuezheng.reports.compose import compose
from xuezheng.reports.model import runs_of, text_of
from xuezheng.reports.templates import versions
from xuezheng.reports.templates.catalogue import (
    ReportTemplate,
    read_template,
    template,
    templates,
    write_template,
)
from xuezheng.reports.templates.models import Kind, TemplateVersion
from xuezheng.reports.templates.versions import TemplateRefused
from xuezheng.snapshots import freeze

MEALS = ReportTemplate("meals", Kind.LETTER, "校园餐情况", "# {{ bureau }}校园餐情况\n\n现报告如下。\n")


@pytest.fixture
def office(db):
    return User.objects.create(username="office", role=User.Role.OFFICE)


def test_a_template_of_the_bureau_is_composed_by_its_name(lone_district, office):
    versions.save(MEALS, 0, office)
    report = compose("meals", freeze(date(2026, 7, 5)), Period.parse("2026H1"))
    assert [text_of(runs_of(block)) for block in report.blocks] == ["云岭区教育局校园餐情况", "现报告如下。"]
    assert report.evidence.own_words[0].text == "现报告如下。"


def test_a_version_of_the_bureau_replaces_a_shipped_template_until_it_is_taken_out_of_use(office):
    shipped = template("half_year")
    assert shipped.version == 0
    own = ReportTemplate("half_year", shipped.kind, "本县半年报告", shipped.source)
    versions.save(own, 0, office)
    assert (template("half_year").title, template("half_year").version) == ("本县半年报告", 1)
    versions.retire(own, 1, office)
    assert "half_year" not in templates()
    with pytest.raises(registry.Unknown, match="没有报告“half_year”"):
        template("half_year")
    versions.save(own, 2, office)
    assert template("half_year").version == 3


def test_of_two_who_save_at_once_one_is_refused(office):
    versions.save(MEALS, 0, office)
    versions.save(MEALS, 1, office)
    with pytest.raises(TemplateRefused, match="已由别人保存"):
        versions.save(MEALS, 1, office)
    assert TemplateVersion.objects.count() == 2


@pytest.mark.parametrize("role", [role for role in User.Role if role != User.Role.OFFICE])
def test_only_the_office_makes_templates(db, role):
    with pytest.raises(TemplateRefused, match="由办公室编制"):
        versions.save(MEALS, 0, User.objects.create(username="u", role=role, section="aid"))
    assert not TemplateVersion.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [({"name": "Half Year"}, "代号只用"), ({"title": " "}, "名称和内容"), ({"source": "\n"}, "名称和内容"),
     ({"source": "文" * 200_001}, "最长200000个字")],
)  # fmt: skip
def test_what_is_no_template_is_refused(office, change, words):
    with pytest.raises(TemplateRefused, match=words):
        versions.save(ReportTemplate(**{**MEALS.__dict__, **change}), 0, office)


def test_a_version_is_in_the_chain_and_never_written_again(office):
    made = versions.save(MEALS, 0, office)
    assert [link.subject for link in ChainLink.objects.all()] == ["report.template"]
    with pytest.raises(TypeError):
        made.save()


def test_the_file_of_a_template_gives_the_template_again():
    assert read_template("meals", write_template(MEALS)) == MEALS
    assert read_template("plain", "# 题\n\n文。") == ReportTemplate("plain", Kind.OTHER, "题", "# 题\n\n文。")


def test_the_templates_of_a_pack_become_the_bureaus_own_once(db):
    [made] = versions.take_pack("huizhou-2019", None)
    assert (made.template.name, made.number) == ("half_year", 1)
    assert "赴杭" in template("half_year").source
    assert versions.take_pack("huizhou-2019", None) == []
    assert District.objects.count() == 0
