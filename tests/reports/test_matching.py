"""Numbers matched to figures: on the small district, and on the demonstration's own report."""

import json
from datetime import date

import pytest

from xuezheng.cli import main
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.policy.packs import FOLDER
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.matching import Sureness, match
from xuezheng.reports.model import Mark, Paragraph, text_of
from xuezheng.snapshots import Snapshot

SOURCE = (FOLDER / "huizhou-2019/reports/half_year.md").read_text("utf-8")
PERIOD = Period.parse("2019H1")


def told(text, snapshot):
    """Each number of a text with the figure and the slice that it is matched to."""
    return [
        (each.token.text, first.figure, dict(first.slice))
        for each in match([text], snapshot, PERIOD)
        for first in [candidate.answer for candidate in each.candidates[:1]]
    ]


def test_a_number_is_matched_by_its_value_and_words(snapshot):
    text = "今年参加高考考生3人（文史类2人，理工类1人）。"
    assert told(text, snapshot) == [
        ("3人", "enrolment.exam_candidates", {}),
        ("2人", "enrolment.exam_candidates", {"track": "arts"}),
        ("1人", "enrolment.exam_candidates", {"track": "science"}),
    ]


def test_a_rough_number_is_matched_as_it_is_told(snapshot):
    [pupils] = told("全区在校学生60余人。", snapshot)
    assert pupils[1] == "enrolment.pupils"


def test_a_number_that_no_figure_has_is_matched_to_none(snapshot):
    [number] = match(["全区在校学生98765人。"], snapshot, PERIOD)
    assert (number.candidates, number.sureness) == ((), None)
    assert number.as_object()["candidates"] == []


def test_the_command_shows_matches(snapshot, tmp_path, capsys):
    file = tmp_path / "报告.txt"
    file.write_text("今年参加高考考生3人，其中文史类5人。", encoding="utf-8")
    asked = ["audit", str(file), "--period", "2019H1", "--snapshot", snapshot.id]
    assert main([*asked, "--json"]) == 1
    [printed] = json.loads(capsys.readouterr().out)
    assert (printed["file"], len(printed["findings"])) == (str(file), 1)
    assert printed["coverage"] == {"numbers": 2, "relations": 1, "unchecked": 0, "unread": []}
    first = printed["matches"][0]
    assert (first["number"], first["candidates"][0]["figure"]) == ("3人", "enrolment.exam_candidates")
    assert main(asked) == 1
    output = capsys.readouterr().out
    assert "enrolment.exam_candidates" in output
    assert "读到2个数，核对了1条关系，0个数没有可核对的关系。" in output


def test_several_files_are_audited_at_once_and_one_file_is_adopted(tmp_path, capsys):
    right, wrong = tmp_path / "对.txt", tmp_path / "错.txt"
    right.write_text("学生5人（男3人，女2人）。", encoding="utf-8")
    wrong.write_text("学生5人（男3人，女3人）。", encoding="utf-8")
    assert main(["audit", str(right), str(wrong), "--json"]) == 1
    assert [len(each["findings"]) for each in json.loads(capsys.readouterr().out)] == [0, 1]
    assert main(["audit", str(right)]) == 0
    assert "没有发现对不上的数" in capsys.readouterr().out
    assert (
        main(["audit", str(right), str(wrong), "--period", "2019H1", "--adopt", str(tmp_path / "新.docx")])
        == 1
    )
    assert "一次只能给一份文件" in capsys.readouterr().err


#: Of the numbers of each half-year's prose, how many are to be matched to their figure, and to its rows as well.
LEAST = {"2019H1": (0.93, 0.92), "2019H2": (0.93, 0.92)}


@pytest.mark.slow
@pytest.mark.parametrize("key", LEAST)
def test_the_numbers_of_our_own_report_are_matched(demonstration, key, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(demonstration))
    snapshot, period = half_year(demonstration, key)
    blocks = [b for b in compose_text(SOURCE, snapshot, period).blocks if isinstance(b, Paragraph)]
    matches = matched(blocks, snapshot, period)
    marks = list(marked(blocks))
    found = [
        (mark, next((each for each in matches if each.paragraph == number and meets(each, place)), None))
        for number, place, mark in marks
    ]
    recognised = [(mark, each) for mark, each in found if each]
    right = [
        (mark, each.candidates[0].answer)
        for mark, each in recognised
        if each.candidates and each.candidates[0].answer.figure == mark.figure
    ]
    same = [mark for mark, answer in right if rows(mark.answer, snapshot) == rows(answer, snapshot)]
    figure, slice_ = LEAST[key]
    assert len(recognised) >= 0.95 * len(marks)
    assert len(right) >= figure * len(marks)
    assert len(same) >= slice_ * len(marks)
    sure = [each for _, each in recognised if each.sureness is Sureness.SURE]
    wrong = [
        mark
        for mark, each in recognised
        if each.sureness is Sureness.SURE and each.candidates[0].answer.figure != mark.figure
    ]
    assert len(wrong) <= 0.05 * len(sure)


def half_year(folder, key):
    day = {"2019H1": date(2019, 7, 5), "2019H2": date(2020, 1, 10)}[key]
    return Snapshot(next((folder / "snapshots").glob(f"{day}-*"))), Period.parse(key)


def matched(blocks, snapshot, period):
    return match([text_of(block.runs) for block in blocks], snapshot, period)


def marked(blocks):
    """The marks of paragraphs: which paragraph, from where to where, and the mark."""
    for number, block in enumerate(blocks):
        place = 0
        for run in block.runs:
            text = run.text if isinstance(run, Mark) else run
            if isinstance(run, Mark):
                yield number, (place, place + len(text)), run
            place += len(text)


def meets(each, place):
    return each.token.start < place[1] and place[0] < each.token.end


def rows(answer, snapshot):
    """The rows of an answer: slices by other words may hold the same."""
    told = catalogue.figure(answer.figure).rows(snapshot, answer.period, **answer.slice)
    return told.table.column("id" if "id" in told.table.column_names else "title").to_pylist()
