"""Schools are asked for sheets: what goes out, what is taken back, and how far each school is."""

from datetime import date, timedelta

import openpyxl
import pytest
from django.utils import timezone

from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.intake import import_workbook, preview_workbook, undo
from xuezheng.records.models import Batch, Collection, Pupil, School, Standing, Submission, User
from xuezheng.workbooks import WorkbookRefused, sheet_catalogue
from xuezheng.workbooks.template import STAMP

PUPILS = "学生名册"
AUTUMN = Period.parse("2019H2")


@pytest.fixture
def collection(district):
    return collecting.open_collection(
        "秋季名册",
        AUTUMN,
        "enrolment",
        [sheet_catalogue.sheet(PUPILS)],
        School.objects.all(),
        date(2019, 9, 20),
    )


@pytest.fixture
def submission(collection):
    return Submission.objects.get(school__name="云岭中学")


@pytest.fixture
def filled(submission, tmp_path):
    path = tmp_path / "中学.xlsx"
    collecting.write_filled(submission, path)
    submission.refresh_from_db()
    return path


def now(submission):
    return Submission.objects.get(pk=submission.pk).standing


def edit(path, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)


def lodge(book):
    page = book[PUPILS]
    titles = [cell.value for cell in page[1]]
    page.cell(2, titles.index("就读方式") + 1).value = "住校"


def test_every_school_that_is_asked_has_not_begun(collection):
    assert {it.standing for it in collection.submissions.all()} == {Standing.NOT_BEGUN}
    assert collection.submissions.count() == 3


def test_a_title_is_given_once_in_a_period(collection):
    with pytest.raises(collecting.CollectionRefused, match="已有名为“秋季名册”的填报任务"):
        collecting.open_collection("秋季名册", AUTUMN, "enrolment", [], [], date(2019, 9, 20))


def test_the_workbook_holds_the_rows_of_the_school_and_a_stamp_that_nobody_sees(filled, submission):
    book = openpyxl.load_workbook(filled)
    names = {row[2].value for row in book[PUPILS].iter_rows(min_row=2)}
    assert names == {"高生一", "高生二", "高生三", "高生四"}
    assert book[STAMP].sheet_state == "veryHidden"
    assert submission.standing is Standing.BEGUN


def test_what_comes_back_unchanged_is_a_report_without_an_import(filled, submission):
    outcome = import_workbook(filled, submission=submission)
    assert (outcome.problems, outcome.batch) == ([], None)
    assert now(submission) is Standing.DONE


def test_what_comes_back_changed_is_an_import_and_undoing_it_takes_the_report_back(filled, submission):
    edit(filled, lodge)
    outcome = import_workbook(filled, submission=submission)
    assert Pupil.objects.filter(boarding="boarder").exists()
    assert Submission.objects.get(pk=submission.pk).handed_in == outcome.batch
    assert now(submission) is Standing.DONE
    undo(outcome.batch.pk)
    assert now(submission) is Standing.WITHDRAWN
    again = import_workbook(filled, submission=submission)
    assert again.saved
    assert now(submission) is Standing.DONE


def test_a_workbook_with_problems_reports_nothing(filled, submission):
    edit(filled, lambda book: setattr(book[PUPILS]["A2"], "value", ""))
    outcome = import_workbook(filled, submission=submission)
    assert outcome.refused
    assert now(submission) is Standing.BEGUN
    collecting.note_attempt(submission, len(outcome.problems))
    assert now(submission) is Standing.PROBLEMS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda book: book.remove(book[PUPILS]), "缺少本任务要填的表：学生名册"),
        (lambda book: setattr(book[STAMP]["A1"], "value", "乱写"), "任务标记被改动过"),
        (lambda book: setattr(book[STAMP]["A1"], "value", '{"task": 1}'), "任务标记被改动过"),
        (
            lambda book: setattr(
                book[STAMP]["A1"], "value", book[STAMP]["A1"].value.replace("version", "versi0n")
            ),
            "任务标记被改动过",
        ),
    ],
)
def test_a_workbook_that_answers_something_else_is_refused(filled, submission, change, words):
    edit(filled, change)
    with pytest.raises(WorkbookRefused, match=words):
        preview_workbook(filled, submission=submission)


def test_the_workbook_of_another_school_or_task_or_template_is_refused(filled, collection, submission):
    other = Submission.objects.exclude(pk=submission.pk).first()
    with pytest.raises(WorkbookRefused, match="这是其他学校的工作簿"):
        preview_workbook(filled, submission=other)
    spring = collecting.open_collection(
        "补报", AUTUMN, "enrolment", [sheet_catalogue.sheet(PUPILS)], [submission.school], date(2019, 9, 20)
    )
    with pytest.raises(WorkbookRefused, match="另一个填报任务的工作簿"):
        preview_workbook(filled, submission=spring.submissions.get())
    Collection.objects.filter(pk=collection.pk).update(sheets=f"{PUPILS}、班级名册")
    submission.collection.refresh_from_db()
    edit(filled, lambda book: book.create_sheet("班级名册"))
    with pytest.raises(WorkbookRefused, match="模板在您下载之后有了变化"):
        preview_workbook(filled, submission=submission)


def test_a_workbook_without_a_stamp_is_taken(filled, submission):
    edit(filled, lambda book: book.remove(book[STAMP]))
    assert import_workbook(filled, submission=submission).problems == []


def test_a_closed_collection_takes_in_nothing(filled, collection, submission):
    assert collecting.close(collection)
    assert not collecting.close(collection)
    with pytest.raises(WorkbookRefused, match="已经结束"):
        import_workbook(filled, submission=submission)
    assert now(submission) is Standing.BEGUN


def test_schools_are_reminded_once_a_day_while_the_collection_is_open(collection):
    assert collecting.remind(collection)
    assert not collecting.remind(collection)
    Collection.objects.update(reminded_on=timezone.localdate() - timedelta(days=1))
    assert collecting.remind(collection)
    collecting.close(collection)
    Collection.objects.update(reminded_on=None)
    assert not collecting.remind(collection)


def test_a_school_is_late_from_the_day_after_the_due_day_until_it_reports(submission):
    assert submission.late_by(date(2019, 9, 20)) == 0
    assert submission.late_by(date(2019, 9, 22)) == 2
    submission.reported_on = date(2019, 9, 21)
    assert submission.late_by(date(2020, 1, 1)) == 1


def test_a_section_may_ask_for_its_own_sheets_that_know_a_school(district):
    aid = User(username="资助", role="section", section="aid")
    titles = {sheet.title for sheet in collecting.collectable(aid)}
    assert "资助发放名单" in titles
    assert PUPILS not in titles
    assert "民生工程项目" not in titles


def test_of_a_register_kept_by_term_only_the_period_is_asked_for(district, tmp_path):
    opened = collecting.open_collection(
        "资助",
        AUTUMN,
        "aid",
        [sheet_catalogue.sheet("资助发放名单")],
        School.objects.all(),
        date(2019, 9, 20),
    )
    found = Submission.objects.get(collection=opened, school__name="云岭学校")
    collecting.write_filled(found, tmp_path / "资助.xlsx")
    page = openpyxl.load_workbook(tmp_path / "资助.xlsx")["资助发放名单"]
    titles = [cell.value for cell in page[1]]
    terms = {row[titles.index("学期")].value for row in page.iter_rows(min_row=2)}
    assert terms == {"2019秋"}


def test_the_same_file_handed_in_once_more_is_still_the_import_that_can_be_undone(submission, filled):
    edit(filled, lodge)
    batch = import_workbook(filled, submission=submission).batch
    assert import_workbook(filled, submission=submission).batch is None
    assert Submission.objects.get(pk=submission.pk).handed_in == batch
    undo(batch.pk)
    assert now(submission) is not Standing.DONE


def test_a_copy_that_was_saved_again_is_known_and_one_changed_cell_makes_another(
    district, workbook, small, tmp_path
):
    first = workbook({PUPILS: small[PUPILS]}, "一.xlsx")
    edit(first, lodge)
    batch = import_workbook(first).batch
    book = openpyxl.load_workbook(first)
    book.properties.creator = "另存"
    book.save(tmp_path / "另存.xlsx")
    assert (tmp_path / "另存.xlsx").read_bytes() != first.read_bytes()
    again = import_workbook(tmp_path / "另存.xlsx")
    assert (again.batch, again.earlier) == (None, batch)
    edit(first, lambda book: setattr(book[PUPILS]["A2"], "value", "众生一"))
    assert preview_workbook(first).earlier is None
    assert Batch.objects.filter(content_sha256=batch.content_sha256).count() == 1
