"""Declares the forecast numbers of pupils by school, stage and autumn, for areas that calculate with them."""

from collections.abc import Iterator

from xuezheng.areas.enrolment.procedures.forecast import forecasts
from xuezheng.areas.enrolment.procedures.forecast_inputs import NothingKnown, read_inputs
from xuezheng.figures.projections import Projected, Projection
from xuezheng.snapshots import Snapshot


def _pupils(snapshot: Snapshot) -> Iterator[Projected]:
    """Yield the pupils of each school and stage in the coming autumns."""
    try:
        inputs = read_inputs(snapshot)
    except NothingKnown:
        return
    for forecast in forecasts(inputs):
        if forecast.school is not None:
            for line in forecast.coming:
                yield Projected(forecast.school, forecast.stage, line.year, line.roll, line.gap)


pupils = Projection("在校学生预测", _pupils)
