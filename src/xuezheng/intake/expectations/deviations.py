"""Comparison of a number with the same number a period earlier, or with that of its peers.

A sheet declares in ``expects`` what its numbers are compared with. A number that deviates is no error: a user
checks it and gives a reason (see :mod:`xuezheng.intake.expectations.findings`). By how much it may deviate is
policy, read for the period of the row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

from django.utils import timezone

from xuezheng.core.periods import Period, PeriodError
from xuezheng.records.bulk import parts
from xuezheng.records.fields import ModelField, MoneyField, field_of
from xuezheng.records.models import Record
from xuezheng.workbooks.cells import text_of
from xuezheng.workbooks.expectations import Peers, Steady
from xuezheng.workbooks.sheet import Sheet

if TYPE_CHECKING:
    from xuezheng.policy import PolicyEntry

#: With fewer peers than this, a number is not compared with them.
ENOUGH = 6
# Of normally distributed values this makes the median absolute deviation the standard deviation.
_BY_MEDIAN = 1.4826
# The fields of a natural key that tell to which period a row belongs.
_PERIODS = ("term", "school_year", "year", "month")


class Deviation(NamedTuple):
    """A number of a record that deviates from what is expected.

    ``path`` is the name of the field, ``check`` the Chinese name of the comparison, ``value`` the number as
    text, ``expected`` a Chinese description of what was expected.
    """

    record: Record
    path: str
    check: str
    value: str
    expected: str


def deviations(
    sheet: Sheet, records: Sequence[Record], before: Mapping[int, Mapping[str, Any]] | None = None
) -> list[Deviation]:
    """Return the deviating numbers of saved records of the sheet's register, in the order of the records.

    ``before`` has, by the ``id()`` of a changed record, the former values of its changed fields: of such a
    record only the changed numbers are compared, of a record without an entry all. With None, all numbers of
    all records are compared.
    """
    if not sheet.expects or not records:
        return []
    steady = [expectation for expectation in sheet.expects if isinstance(expectation, Steady)]
    peers = [expectation for expectation in sheet.expects if isinstance(expectation, Peers)]
    # Whoever only declares or fills in a sheet need not wait for the engine of the rules to load.
    from xuezheng.policy.current import read_once

    with read_once():
        deviations_found = [
            *_unsteady(sheet.model, steady, records, before),
            *_outlying(sheet.model, peers, records, before),
        ]
    places = {id(record): place for place, record in enumerate(records)}
    return sorted(deviations_found, key=lambda deviation: places[id(deviation.record)])


def period_field(model: type[Record]) -> str | None:
    """Return the field of a register's natural key that names the period of a row.

    It is ``term``, ``school_year``, ``year`` or ``month``. None for a register without periods.
    """
    return next((name for name in _PERIODS if name in model.natural_key), None)


def period_of(record: Record) -> str:
    """Return the key of the period to which a record belongs, such as ``2019春`` or ``2019-05``.

    Returns "" if its register has no periods.
    """
    name = period_field(type(record))
    return (
        "" if name is None else _key(getattr(record, name).code if name == "term" else getattr(record, name))
    )


def thing_of(record: Record) -> str:
    """Return the natural key of a record without its period, as text: what the same number is compared with over time.

    For a monthly register the number of the month is kept, since a month is compared with the same month of
    other years.
    """
    return "|".join(map(str, _thing(record)))


def spread(values: Sequence[float]) -> tuple[float, float]:
    """Return the median of numbers, and the median of their absolute deviations from it, times 1.4826.

    For normally distributed numbers the second is the standard deviation. Raises ``StatisticsError`` for no
    numbers.
    """
    middle = median(values)
    return middle, median(abs(value - middle) for value in values) * _BY_MEDIAN


def _unsteady(
    model: type[Record],
    expected: Sequence[Steady],
    records: Sequence[Record],
    before: Mapping[int, Mapping[str, Any]] | None,
) -> Iterator[Deviation]:
    if not expected:
        return
    of_period = period_field(model) is not None
    known = _earlier(model, expected, records) if of_period else {}
    for record in records:
        changed = (before or {}).get(id(record))
        key = period_of(record)
        earlier = [period for period in known.get(_thing(record), {}) if period < key]
        day = _first_day(key)
        if day is None or (of_period and not earlier):
            continue
        then = known[_thing(record)][max(earlier)] if of_period else changed or {}
        since = label_of(max(earlier)) if of_period else "台账中"
        for expectation in expected:
            if changed is not None and expectation.path not in changed:
                continue
            old, new, share = (
                then.get(expectation.path),
                getattr(record, expectation.path),
                _limit(expectation.within, day, record),
            )
            if None not in (old, new, share) and strays(old, new, share):
                field = field_of(model, expectation.path)
                expected_text = f"{since}为{_text(field, old)}，{_moved(old, new)}（一般不超过{Decimal(share).normalize():f}%）"
                yield Deviation(record, expectation.path, expectation.check, _text(field, new), expected_text)


def strays(old: Any, new: Any, share: Any) -> bool:
    """Return whether ``new`` differs from ``old`` by more than ``share`` percent of ``old``; from 0, any other number does."""
    return bool(abs(new - old) * 100 > share * abs(old))


def _text(field: ModelField, value: Any) -> str:
    """A number as text, the same before it is saved and after."""
    return text_of(field, value.normalize() if isinstance(value, Decimal) else value)


def _moved(old: Any, new: Any) -> str:
    if not old:
        return "现在不是0"
    share = Decimal(abs(new - old) * 100) / Decimal(abs(old))
    return f"{'增加' if new > old else '减少'}{share:.1f}%"


def _earlier(
    model: type[Record], expected: Sequence[Steady], records: Sequence[Record]
) -> dict[tuple[Any, ...], dict[str, dict[str, Any]]]:
    """The numbers in the register for the records' things, by thing, key of the period and field."""
    names = [expectation.path for expectation in expected]
    natural = [field_of(model, name).attname for name in model.natural_key]
    first = next(name for name in natural if name.removesuffix("_id") != period_field(model))
    period = "term__code" if period_field(model) == "term" else str(period_field(model))
    things = sorted({getattr(record, first) for record in records})
    numbers: dict[tuple[Any, ...], dict[str, dict[str, Any]]] = defaultdict(dict)
    for part in parts(things):
        rows = model._default_manager.filter(**{f"{first}__in": part}).values(*natural, period, *names)
        for row in rows.iterator():
            thing = _thing_of_values(model, row)
            numbers[thing][_key(row[period])] = {name: row[name] for name in names}
    return numbers


def _outlying(
    model: type[Record],
    expected: Sequence[Peers],
    records: Sequence[Record],
    before: Mapping[int, Mapping[str, Any]] | None,
) -> Iterator[Deviation]:
    if not expected:
        return
    rows = _peers(model, expected, records)
    for expectation in expected:
        groups: dict[tuple[Any, ...], dict[int, float]] = defaultdict(dict)
        for row in rows:
            if (number := _number(model, expectation, row)) is not None:
                groups[_group(expectation, row)][row["pk"]] = number
        spreads = {
            group: spread(list(them.values())) for group, them in groups.items() if len(them) >= ENOUGH
        }
        where = {key: group for group, them in groups.items() for key in them}
        for record in records:
            changed = (before or {}).get(id(record))
            group = where.get(record.pk, ())
            if group not in spreads or (
                changed is not None and not {expectation.path, expectation.per} & changed.keys()
            ):
                continue
            day = _first_day(period_of(record))
            times, share = _limit(expectation.within, day, record), _limit(expectation.beyond, day, record)
            if times is None or share is None:
                continue
            (middle, apart), number = spreads[group], groups[group][record.pk]
            reach = max(float(times) * apart, float(share) / 100 * abs(middle))
            if abs(number - middle) > reach:
                low, high = (_rounded(max(0, middle - reach)), _rounded(middle + reach))
                expected_text = (
                    f"{_what(model, expectation)}为{_rounded(number)}，{len(groups[group])}所同类学校的中位数为{_rounded(middle)}，"
                    f"一般在{low}至{high}之间"
                )
                field = field_of(model, expectation.path)
                yield Deviation(
                    record,
                    expectation.path,
                    expectation.check,
                    _text(field, getattr(record, expectation.path)),
                    expected_text,
                )


def _peers(model: type[Record], expected: Sequence[Peers], records: Sequence[Record]) -> list[dict[str, Any]]:
    """The rows of the records' periods, with all columns that the expectations compare."""
    period = period_field(model)
    rows = model._default_manager.all()
    if period is not None:
        attribute = field_of(model, period).attname
        rows = rows.filter(**{f"{attribute}__in": {getattr(record, attribute) for record in records}})
    names = {
        name
        for expectation in expected
        for name in (expectation.path, expectation.per, *expectation.among)
        if name
    }
    return list(rows.values("pk", *({period} if period else ()), *sorted(names)))


def _group(expectation: Peers, row: Mapping[str, Any]) -> tuple[Any, ...]:
    return (*(row[name] for name in _PERIODS if name in row), *(row[name] for name in expectation.among))


def _number(model: type[Record], expectation: Peers, row: Mapping[str, Any]) -> float | None:
    """The number or quotient that is compared, money in yuan; None where it has no value."""
    top, bottom = row[expectation.path], row[expectation.per] if expectation.per else 1
    if top is None or not bottom:
        return None
    return (
        float(top) / float(bottom) / (100 if isinstance(field_of(model, expectation.path), MoneyField) else 1)
    )


def _what(model: type[Record], expectation: Peers) -> str:
    title = str(field_of(model, expectation.path).verbose_name)
    return f"{title}÷{field_of(model, expectation.per).verbose_name}" if expectation.per else title


def _rounded(number: float) -> str:
    return f"{number:.2f}".rstrip("0").rstrip(".") if number >= 1 or number == 0 else f"{number:.3g}"


def _thing(record: Record) -> tuple[Any, ...]:
    model = type(record)
    attributes = (field_of(model, name).attname for name in model.natural_key)
    return _thing_of_values(model, {name: getattr(record, name) for name in attributes})


def _thing_of_values(model: type[Record], values: Mapping[str, Any]) -> tuple[Any, ...]:
    period = period_field(model)
    kept = [field_of(model, name).attname for name in model.natural_key if name != period]
    # A month is compared with the same month of another year: what is spent goes with the seasons.
    season = (values["month"].month,) if period == "month" else ()
    return (*(values[name] for name in kept), *season)


def _key(value: Any) -> str:
    """The key of a period from a row's value; keys of one kind sort by time as texts do."""
    return f"{value:%Y-%m}" if isinstance(value, date) else str(value)


def label_of(key: str) -> str:
    """Return the Chinese label of a period by its key; the key itself if it is no period."""
    try:
        return Period.parse(key).label
    except PeriodError:
        return key


def _first_day(key: str) -> date | None:
    """The date for which policy is read: the first of the period; today where ``key`` is empty; None where it is no period."""
    if not key:
        return timezone.localdate()
    try:
        return Period.parse(key).start
    except PeriodError:
        return None


def _limit(key: str, day: date | None, record: Record) -> Any:
    """The value of the policy entry ``key`` for a record on a date; None without a date, or where no value is in force."""
    if day is None:
        return None
    entry = policy_of(key)
    return entry.value(day, *(str(getattr(record, name)) for name in entry.by))


def policy_of(key: str) -> PolicyEntry:
    """Return the policy entry with the key that an expectation names.

    Raises :class:`xuezheng.policy.PolicyError` if there is none.
    """
    from xuezheng.policy.current import entry  # late, as in deviations

    return entry(key)
