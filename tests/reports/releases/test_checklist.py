"""What the checklist finds, and what of it blocks an issue."""

from dataclasses import replace
from datetime import timedelta

import pytest
from docx.oxml import OxmlElement

from xuezheng.areas.finance.models import BudgetLine
from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.records.models import Batch, Collection, School, Submission, ValueExplanation
from xuezheng.reports.compose import compose
from xuezheng.reports.releases import ReleaseError, checklist, steps
from xuezheng.reports.releases.checklist import Item


def found(version, check):
    return [entry.item for entry in checklist.checklist(version) if entry.item.check == check]


def test_each_sentence_without_data_is_listed_with_the_figures_that_it_lacks(
    draft, template, snapshot, users
):
    template.write_text(
        template.read_text("utf-8")
        + '\n党员{{ n("party.members") }}，先锋{{ n("party.graded_members", grade="pioneer") }}，合格{{ n("party.graded_members", grade="qualified") }}。\n',
        encoding="utf-8",
    )
    version = steps.compose_version(draft.release, snapshot, users["office"], 1)
    items = found(version, "没有写入的句子")
    assert [item.blocks for item in items] == [True, True]
    assert [item.told for item in items] == [
        "党员…。——其中的指标没有数据（党员）。",
        "党员…，先锋…，合格…。——其中的指标没有数据（党员、参加评定的党员）。",
    ]
    assert {item.where for item in items} == {"二、招生"}


def test_own_words_and_topics_without_a_note_are_listed_and_do_not_block(draft, template, snapshot, users):
    template.write_text(
        template.read_text("utf-8")
        + '\n## 三、其他\n\n{{ entries("双减") }}\n\n考生{{ n("enrolment.exam_candidates") }}。工作有序。\n',
        encoding="utf-8",
    )
    version = steps.compose_version(draft.release, snapshot, users["office"], 1)
    [words] = found(version, "本局自己的话")
    [note] = found(version, "工作纪实")
    assert (words.told, words.where) == ("工作有序。——没有数字和工作纪实作依据。", "三、其他")
    assert note.told == "栏目“双减”没有选定的工作纪实，没有写入。"
    assert [words.blocks, note.blocks] == [False, False]


def test_each_finding_of_a_check_stands_with_its_place(draft, upload, write):
    version = upload(draft, write("考生", "另有12人，考生"))
    [item] = found(version, "数字核对")
    assert item.blocks
    assert item.told.startswith("“12”是手工写的数")
    assert item.paragraph.startswith("另有12人，考生")
    assert "另有12人" in item.where


def test_comments_and_tracked_changes_left_in_the_file_block(draft, upload):
    def leave(opened):
        paragraph = opened.paragraphs[2]
        opened.add_comment(paragraph.runs, "请核对。", author="某")
        paragraph._p.append(OxmlElement("w:ins"))

    version = upload(draft, leave)
    assert [item.blocks for item in found(version, "批注") + found(version, "修订")] == [True, True]
    assert "还有1条批注" in found(version, "批注")[0].told
    assert found(draft, "批注") + found(draft, "修订") == []


def test_picked_notes_of_work_that_the_template_does_not_tell_block(draft, snapshot):
    composed = replace(compose("notice", snapshot, Period.parse("2019H1")), unused_topics=("融杭",))
    told = checklist.examine(draft.content(), composed, snapshot)
    [item] = [Item(**it) for it in told if it["check"] == "工作纪实"]
    assert item.blocks
    assert "“融杭”没有写入" in item.told


def test_policies_with_an_unconfirmed_source_are_to_be_known_and_do_not_block(draft):
    [item] = found(draft, "政策依据")
    assert not item.blocks
    assert "建档立卡（脱贫）学生执行哪一项标准" in item.told


@pytest.mark.parametrize("kind", ["made", "undone"])
def test_an_import_or_its_undoing_since_the_freeze_is_to_be_known_and_does_not_block(draft, snapshot, kind):
    assert found(draft, "快照") == []
    batch = Batch.objects.create(file_name="旧.xlsx", content_sha256="0" * 64)
    Batch.objects.update(made_at=snapshot.frozen_at - timedelta(days=1))
    assert found(draft, "快照") == []
    Batch.objects.filter(pk=batch.pk).update(**{f"{kind}_at": snapshot.frozen_at + timedelta(days=1)})
    [item] = found(draft, "快照")
    assert not item.blocks
    assert "台账又有1次导入或撤销" in item.told


def test_a_lost_snapshot_blocks(draft, ready, users):
    draft.snapshot_id = "2019-01-01-00000000"
    [item] = found(draft, "快照")
    assert item.blocks
    assert "没有快照" in item.told


def test_another_module_may_add_a_check(draft, ready, users, monkeypatch):
    ready(draft)
    draft.release.refresh_from_db()
    monkeypatch.setattr(
        checklist, "CHECKS", [*checklist.CHECKS, lambda version: [Item("填报任务", "还有一项没有交齐。")]]
    )
    with pytest.raises(ReleaseError, match="清单上还有1项没有说明"):
        steps.issue(draft, users["office"])


def test_the_latest_explanation_counts_and_tells_its_author(draft, users):
    keys = [entry.item.key for entry in checklist.checklist(draft) if entry.open]
    steps.explain(draft, keys, "起初的说明。", users["office"])
    steps.explain(draft, keys, "后来的说明。", users["section"])
    [entry] = [entry for entry in checklist.checklist(draft) if entry.explanation]
    assert (entry.explanation.text, entry.explanation.made_by) == ("后来的说明。", users["section"])
    assert entry.explanation.made_at is not None


def test_a_collection_about_the_period_blocks_while_it_is_open(draft):
    told = {"section": "aid", "sheets": "资助发放名单", "due_on": "2019-06-20"}
    ours = Collection.objects.create(title="春季名单", period="2019春", **told)
    Collection.objects.create(title="秋季名单", period="2019秋", **told)
    school = School.objects.create(
        code="2134990009",
        name="山前小学",
        kind="211",
        urban_rural="111",
        runner="831",
    )
    Submission.objects.create(collection=ours, school=school)
    [item] = found(draft, "填报任务")
    assert item.blocks
    assert item.told == "填报任务“春季名单”还没有结束，1所学校还没有上报（山前小学）。"
    collecting.close(ours)
    assert found(draft, "填报任务") == []


def test_numbers_that_came_in_without_a_word_block(draft, users):
    for year, amount in ((2018, 100_00), (2019, 900_00)):
        line = BudgetLine(year=year, function="2050202", source="general", amount=amount)
        line.save()
    (entry,) = [it for it in checklist.checklist(draft) if it.item.check == "须说明的数"]
    assert entry.open
    assert entry.item.told == (
        "“预算安排表”有1个数与上期或同类学校相差较大，没有写明原因：2019 小学教育的预算数（元）。"
    )
    ValueExplanation.objects.create(
        batch=Batch.objects.create(), register="finance_budgetline", record=line.pk, thing="2050202|general",
        path="amount", check_name="与上期比", value="900", text="新增校舍维修专项。",
    )  # fmt: skip
    assert [it for it in checklist.checklist(draft) if it.item.check == "须说明的数"] == []
