"""The pages of forecasts of pupils and places: all of them, and one with inputs, errors and scenario."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from xuezheng.areas.enrolment.procedures.forecast import LEVELS, Forecast, Line, Scenario, forecasts
from xuezheng.areas.enrolment.procedures.forecast_files import (
    FEEDS,
    assumptions,
    gaps_of,
    summarise,
    write_annex,
    write_gaps,
    write_interval,
    write_number,
    write_share,
    write_workbook,
)
from xuezheng.areas.enrolment.procedures.forecast_inputs import (
    ROLL,
    STAGES,
    Inputs,
    NothingKnown,
    read_inputs,
)
from xuezheng.areas.enrolment.procedures.ratio_method import Rate, round_half_up
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Record, School, Stage, User
from xuezheng.records.permissions import permits, require
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import counting_day
from xuezheng.web.answers import charts
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.web.ui.forms import offer_choices, style_fields
from xuezheng.web.ui.parameters import parse_number

COLOURS = {"red": "red", "orange": "orange", "yellow": "yellow", "surplus": "blue", "ample": "green"}
_SOURCES = "enrolment.birth_source"
_NEW_SCHOOL = 0


class ScenarioForm(forms.Form):
    """The form for a scenario: added places, another class size, and communities moved between zones.

    The fields for communities are left out except for primary schools that have a zone.
    """

    added = forms.IntegerField(
        label="增减学位",
        required=False,
        min_value=-20_000,
        max_value=20_000,
        help_text="新建、扩建填正数，停用填负数",
    )
    from_year = forms.IntegerField(
        label="从哪年秋季起", required=False, min_value=2000, max_value=2100, help_text="不填的从下一个秋季起"
    )
    class_size = forms.IntegerField(
        label="每班改为", required=False, min_value=1, max_value=100, help_text="人"
    )
    moved_in = forms.MultipleChoiceField(label="划入的社区（村）", required=False)
    moved_out = forms.MultipleChoiceField(label="划出的社区（村）", required=False)
    moved_to = forms.ChoiceField(label="划出到", required=False)

    def __init__(self, data: Any, forecast: Forecast) -> None:
        super().__init__(data)
        self._school = forecast.school
        names = forecast.inputs.schools
        zones = {
            community: school
            for (stage, community), school in forecast.inputs.zones.items()
            if stage == forecast.stage
        }
        own = [community for community, school in zones.items() if school == forecast.school]
        if forecast.stage != Stage.PRIMARY or not own:
            for name in ("moved_in", "moved_out", "moved_to"):
                del self.fields[name]
        else:
            others = [
                (each, f"{each}（{names[school]}）") for each, school in zones.items() if each not in own
            ]
            offer_choices(self, "moved_in", others)
            offer_choices(self, "moved_out", [(each, each) for each in own])
            schools = sorted({school for school in zones.values() if school != forecast.school})
            offer_choices(
                self,
                "moved_to",
                [(str(_NEW_SCHOOL), "新建的学校"), *((str(each), names[each]) for each in schools)],
            )
        style_fields(*self.fields.values())

    def scenario(self) -> Scenario:
        """Return the scenario that was entered; one without changes if the form is empty or invalid."""
        if not self.is_valid():
            return Scenario()
        data = self.cleaned_data
        moved = dict.fromkeys(data.get("moved_in", ()), self._school or _NEW_SCHOOL)
        moved |= dict.fromkeys(data.get("moved_out", ()), int(data.get("moved_to") or _NEW_SCHOOL))
        return Scenario(data["added"] or 0, data["from_year"] or 0, data["class_size"], moved)


def forecast_of(record: Record, user: User) -> str | None:
    """Return the URL of the forecast of a school, for a link on its page.

    Returns None if ``record`` is no school, the user may not see forecasts, or the school has no primary or
    junior stage.
    """
    if not isinstance(record, School) or not permits(user, "see", "enrolment.forecast"):
        return None
    stage = next((stage for stage in STAGES if stage in record.stages and stage != Stage.SENIOR), None)
    return f"{reverse('enrolment:forecast', args=[stage])}?school={record.pk}" if stage else None


@require_GET
@with_snapshot
def forecast_list(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show one line for each stage of the county, then for each school, the most urgent warning level first.

    ``?source`` is the code of the source of births.
    """
    require(request.user, "see", "enrolment.forecast")
    try:
        inputs = read_inputs(snapshot, request.GET.get("source", ""))
    except NothingKnown as refusal:
        return render(request, "enrolment/forecasts.html", {"refusal": str(refusal), "snapshot": snapshot})
    county: list[dict[str, Any]] = []
    schools: list[dict[str, Any]] = []
    for forecast in forecasts(inputs):
        (county if forecast.school is None else schools).append(_summary(forecast))
    order = [*LEVELS, ""]
    schools.sort(key=lambda line: (order.index(line["level"]), line["year"] or 0))
    context = {"lines": [*county, *schools], "snapshot": snapshot, **_choice_of_source(inputs)}
    return render(request, "enrolment/forecasts.html", context)


@require_GET
@with_snapshot
def forecast(request: UserRequest, snapshot: Snapshot, stage: str) -> HttpResponse:
    """Show the forecast of a stage with inputs, rates and errors, under the scenario in the query string.

    ``?school`` is the primary key of a school, absent for all schools; ``?source`` is the code of the source
    of births.
    """
    require(request.user, "see", "enrolment.forecast")
    plain, forecast, form = _requested(request, snapshot, stage)
    feed = forecast.projection.feed
    context = {
        "forecast": forecast,
        "stage": stage,
        "form": form,
        "assumptions": "，".join(assumptions(forecast)),
        "plain_address": _address(plain),
        "rows": [_row(forecast, *pair) for pair in zip(forecast.lines, plain.lines, strict=True)],
        "gaps": gaps_of(forecast),
        "chart": _chart(forecast),
        "recent": forecast.recent,
        "rates": [_rate_row(rate, forecast.recent) for rate in forecast.projection.rates],
        "feed_title": FEEDS[Stage(stage)],
        "feed": [(year, round_half_up(number)) for year, number in sorted(feed.values.items())],
        "feed_gaps": write_gaps(feed.gaps.items()),
        "births_address": f"{reverse('web:register', args=['enrolment_births'])}?source={plain.inputs.source}",
        "errors": list(_error_rows(forecast)),
        "snapshot": snapshot,
        "query": request.GET.urlencode(),
        **_choice_of_source(plain.inputs),
    }
    return render(request, "enrolment/forecast.html", context)


@require_GET
@with_snapshot
def forecast_file(request: UserRequest, snapshot: Snapshot, stage: str, kind: str) -> FileResponse:
    """Send the forecast in the query string as a file.

    ``kind`` is "xlsx" or "docx", otherwise ``Http404`` is raised.
    """
    require(request.user, "see", "enrolment.forecast")
    _, forecast, _ = _requested(request, snapshot, stage)
    writers = {"xlsx": write_workbook, "docx": write_annex}
    if kind not in writers:
        raise Http404("没有这个文件。")
    name = f"学位预测 {forecast.title} {snapshot.day}.{kind}"
    return send_download(
        name, lambda path: writers[kind](forecast, snapshot.district["bureau_name"], snapshot.day, path)
    )


def _requested(
    request: UserRequest, snapshot: Snapshot, stage: str
) -> tuple[Forecast, Forecast, ScenarioForm]:
    """Return the forecast that an address names, as it is and with what is supposed, and the form."""
    if stage not in STAGES:
        raise Http404("没有这个学段。")
    try:
        inputs = read_inputs(snapshot, request.GET.get("source", ""))
    except NothingKnown as refusal:
        raise Http404(str(refusal)) from None
    key = request.GET.get("school", "")
    school = parse_number(key) if key else None
    if school is not None and (school, stage) not in inputs.rolls:
        raise Http404("没有这所学校，或不办这个学段。")
    plain = Forecast(inputs, stage, school)
    form = ScenarioForm(request.GET, plain)
    return plain, Forecast(inputs, stage, school, form.scenario()), form


def _choice_of_source(inputs: Inputs) -> dict[str, Any]:
    codes = code_list(_SOURCES).codes
    sources = [(source, codes[source].label if source in codes else source) for source in inputs.sources]
    return {"sources": sources, "source": inputs.source, "source_label": dict(sources).get(inputs.source, "")}


def _address(forecast: Forecast) -> str:
    query = urlencode({**_of_school(forecast), "source": forecast.inputs.source})
    return f"{reverse('enrolment:forecast', args=[forecast.stage])}?{query}"


def _of_school(forecast: Forecast) -> dict[str, str]:
    return {} if forecast.school is None else {"school": str(forecast.school)}


def _summary(forecast: Forecast) -> dict[str, Any]:
    """Return what the list shows of a forecast: now, and the first year of its most urgent level."""
    now, worst = forecast.now, forecast.worst
    gaps = [line.gap or line.places_gap for line in forecast.coming if not line.level]
    return {
        "forecast": forecast,
        "address": _address(forecast),
        "now_roll": write_number(now.roll),
        "now_places": write_number(now.places),
        "now_use": write_share(now.use),
        "year": worst.year if worst else None,
        "worst_use": write_share(worst.use if worst else None),
        "level": worst.level if worst else "",
        "label": LEVELS[worst.level] if worst else "",
        "colour": COLOURS[worst.level] if worst else "",
        "gap": next(filter(None, gaps), ""),
        "last": max((line.year for line in forecast.coming if line.roll is not None), default=None),
    }


def _row(forecast: Forecast, line: Line, before: Line) -> dict[str, Any]:
    """Return what the page shows of a year; ``before`` is its line without what is supposed."""
    return {
        "line": line,
        "addresses": _addresses(forecast, line),
        "entrants": write_number(line.entrants),
        "entrants_interval": write_interval(forecast.interval("entrants", line)),
        "roll": write_number(line.roll),
        "roll_interval": write_interval(forecast.interval("roll", line)),
        "places": write_number(line.places),
        "use": write_share(line.use),
        "level": LEVELS.get(line.level, ""),
        "colour": COLOURS.get(line.level, ""),
        "before": f"{write_number(before.roll)}÷{write_number(before.places)} {LEVELS.get(before.level, '')}",
    }


def _addresses(forecast: Forecast, line: Line) -> dict[str, str]:
    """Return the addresses of the rows behind a line's known numbers: those of pupils, of entrants, of places."""
    slice_ = {"stage": forecast.stage, **_of_school(forecast)}
    addresses = {}
    if line.known and line.year >= forecast.inputs.first_counted:
        day = str(counting_day(line.year))
        addresses["roll"] = figure_address(ROLL, day, slice_)
        addresses["entrants"] = figure_address(ROLL, day, {**slice_, "grade": "1"})
    elif line.known:
        query = urlencode({**slice_, "year": str(line.year)})
        addresses["roll"] = addresses["entrants"] = (
            f"{reverse('web:register', args=['enrolment_pastroll'])}?{query}"
        )
    assumed = forecast.scenario.changes and not line.known
    if line.places_from is not None and not assumed:
        addresses["places"] = figure_address("enrolment.places", str(line.places_from), slice_)
    return addresses


def _chart(forecast: Forecast) -> charts.Drawing | None:
    lines = forecast.lines
    intervals = [forecast.interval("roll", line) for line in lines]
    years = [line.year for line in lines if line.roll is not None]
    marked = {*years[:1], forecast.inputs.base, *years[-1:]}
    return charts.forecast(
        "forecast",
        [str(line.year) for line in lines],
        [None if line.roll is None else float(line.roll) for line in lines],
        [summarise(line.roll, interval) for line, interval in zip(lines, intervals, strict=True)],
        [summarise(line.roll, None) if line.year in marked else "" for line in lines],
        (
            [float(interval[0]) if interval else None for interval in intervals],
            [float(interval[1]) if interval else None for interval in intervals],
        ),
        ("学位", [line.places for line in lines]),
    )


def _rate_row(rate: Rate, recent: range) -> dict[str, Any]:
    """Return what the page shows of a rate: the two numbers of each recent year and their quotient, and the mean."""
    cells = []
    for year in recent:
        came, base = rate.years.get(year, (None, None))
        share = came / base if came is not None and base else None
        cells.append((write_number(came), write_number(base), write_share(share)))
    return {"title": rate.title, "cells": cells, "mean": write_share(rate.value)}


def _error_rows(forecast: Forecast) -> Iterator[tuple[int, list[tuple[int, str, str]]]]:
    """Yield, by years ahead, (count, mean share, largest share) of past errors of entrants and of rolls."""
    tests = forecast.back_tests.values()
    for distance in sorted({distance for test in tests for distance in test.by_distance}):
        yield (
            distance,
            [
                (
                    test.count(distance),
                    write_share(test.mean_share(distance)),
                    write_share(test.largest_share(distance)),
                )
                for test in tests
            ],
        )
