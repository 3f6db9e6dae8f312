"""A figure by two dimensions: each cell opens, the sums are those of the whole, and the workbook says the same."""

import io
import re
from types import SimpleNamespace

import openpyxl
import pytest

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.snapshots import Snapshot
from xuezheng.web.figures import crosstab
from xuezheng.web.figures.crosstab import TooLarge, cross

PUPILS = "/figures/enrolment.pupils/table/?period=2019H1"


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def requested(key, **slice_):
    figure, snapshot, period = catalogue.figure(key), Snapshot.latest(), Period.parse("2019H1")
    answer = figure.at(snapshot, period, **slice_)
    return SimpleNamespace(
        figure=figure, choice=SimpleNamespace(period=period), snapshot=snapshot, slice=slice_, answer=answer
    )


def table(key, rows, columns, **slice_):
    request = requested(key, **slice_)
    dimensions = request.figure.dimensions(request.snapshot)
    return cross(request, dimensions[rows], dimensions[columns])


def test_each_cell_is_the_answer_of_its_slice_and_the_sums_are_of_the_whole(snapshot):
    pupils = table("enrolment.pupils", "school", "sex")
    request = requested("enrolment.pupils")
    assert pupils.total.value == request.answer.value == 6
    assert pupils.adds_up
    for line in pupils.lines:
        for cell in line.cells:
            if cell.answer is not None:
                again = request.figure.at(request.snapshot, request.choice.period, **cell.answer.slice)
                assert cell.answer.value == again.value
    assert sum(line.total.answer.value for line in pupils.lines) == 6
    assert sum(cell.answer.value for cell in pupils.totals) == 6


def test_a_ratio_has_totals_that_are_not_sums(snapshot):
    rate = table("enrolment.boarding_rate", "school", "stage")
    assert not rate.adds_up


def test_the_page_opens_each_number_and_offers_the_other_dimensions(as_user, snapshot):
    html = page(as_user("office"), f"{PUPILS}&rows=school&columns=sex")
    assert "在校学生：按学校和性别" in html
    assert re.search(r'href="/figures/enrolment.pupils/\?[^"]*school=1[^"]*sex=', html)
    assert "合计按全体另算" not in html
    assert '<option value="school" selected>' in html
    assert 'href="/figures/enrolment.pupils/table/?period=2019H1"' in page(
        as_user("office"), "/figures/enrolment.pupils/?period=2019H1"
    )


def test_a_slice_narrows_the_table_and_what_is_unknown_falls_back(as_user, snapshot):
    html = page(as_user("office"), f"{PUPILS}&school=1&rows=nothing&columns=<script>")
    assert "云岭第一小学" in html
    assert "松溪小学" not in html
    assert as_user("office").get(f"{PUPILS}&sex=nothing").status_code in (200, 404)


def test_the_workbook_has_the_numbers_of_the_page(as_user, snapshot):
    response = as_user("office").get(f"{PUPILS}&rows=school&columns=sex&file=1")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]
    assert lines[0][0] == "学校"
    assert lines[0][-1] == "合计"
    assert lines[-1][0] == "合计"
    assert lines[-1][-1] == 6
    assert sum(line[-1] for line in lines[1:-1]) == 6


@pytest.mark.parametrize(("limit", "refused"), [(1, True), (2, False)])
def test_a_table_with_too_many_columns_is_refused_with_a_remedy(snapshot, monkeypatch, limit, refused):
    monkeypatch.setattr(crosstab, "_MOST_COLUMNS", limit)
    if refused:
        with pytest.raises(TooLarge, match="表太大。请先选定一部分"):
            table("enrolment.pupils", "school", "sex")
    else:
        assert len(table("enrolment.pupils", "school", "sex").labels) == 2


def test_a_figure_without_two_dimensions_says_so(as_user, snapshot):
    key = next(key for key, figure in catalogue.figures().items() if len(figure.by) == 1)
    html = page(as_user("office"), f"/figures/{key}/table/?period=2019H1")
    assert "不能再按两个方面细分" in html
    assert "交叉表</a>" not in page(as_user("office"), f"/figures/{key}/?period=2019H1")
