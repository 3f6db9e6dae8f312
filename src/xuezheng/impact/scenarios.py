"""The effect of a hypothetical policy: figures before and after, and how many people would gain or lose an amount."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils import timezone

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.answers import MISSING, Answer
from xuezheng.figures.assessment import RequirementCount
from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import AnyFigure, parts_of
from xuezheng.impact.sentences import SentenceChange, changed_sentences
from xuezheng.policy.current import overridden
from xuezheng.policy.declarations import is_code
from xuezheng.snapshots import Snapshot, live


@dataclass(frozen=True)
class Effect:
    """The answers of a figure, or of one slice of it, ``before`` and ``after`` an import or under a hypothetical policy."""

    before: Answer
    after: Answer

    @property
    def difference(self) -> Any:
        """The new number less the old one, both as they are shown: in yuan for money, in percentage points for %.

        None where either has no value.
        """
        old, new = self.before.number(), self.after.number()
        return None if old is None or new is None else new - old


class Turnover(NamedTuple):
    """How many rows of a figure in 元, such as awards, would get an amount for the first time, and how many would lose theirs.

    ``figure`` is the label of the figure; ``part`` the Chinese name of the member of a dimension to which the
    rows belong, "" if the figure lacks the dimension.
    """

    figure: str
    part: str
    gained: int
    lost: int


def changed_figures(before: Snapshot, after: Snapshot, period: Period) -> list[Effect]:
    """Return the figures whose totals, as text, differ between two snapshots in a period.

    Figures whose tables are equal in both snapshots are not computed.
    """
    concerned = (
        figure
        for figure in catalogue.figures().values()
        if not all(before.has_same_table(after, table) for table in _tables(figure, after))
    )
    effects = _differing(concerned, before, after, period)
    return [effect for effect in effects if effect.before.text() != effect.after.text()]


def _tables(figure: AnyFigure, snapshot: Snapshot) -> Iterable[str]:
    """Return the names of the tables on which a figure rests: all, for a number of requirements judged from a whole snapshot."""
    if isinstance(figure, RequirementCount):
        return snapshot.tables
    return [part.table.table_name() for part in parts_of(figure)]


def _differing(
    figures: Iterable[AnyFigure], before: Snapshot, after: Snapshot, period: Period, by: str = ""
) -> Iterator[Effect]:
    for figure in figures:
        for old, new in _pairs(figure, before, after, period, by):
            if (old.value, old.absence) != (new.value, new.absence):
                yield Effect(old, new)


def _turnover(
    figures: Iterable[AnyFigure], before: Snapshot, after: Snapshot, period: Period, by: str
) -> list[Turnover]:
    """Return, for each amount of money that would differ, how many rows gain or lose an amount, by the dimension ``by``."""
    turnovers = []
    for figure in figures:
        if not isinstance(figure, Figure) or not figure.is_money:
            continue
        if figure.at(before, period).value == figure.at(after, period).value:
            continue
        names = figure.dimensions(before)
        old, new = (_amounts(figure, snapshot, period, by) for snapshot in (before, after))
        counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for row in old.keys() | new.keys():
            had, has = old.get(row), new.get(row)
            if bool(had and had[0]) != bool(has and has[0]):
                counts[(had or has or (0, ""))[1]][bool(had and had[0])] += 1
        for part, (gained, lost) in sorted(counts.items()):
            turnovers.append(
                Turnover(figure.label, names[by].member(part) if by in names else "", gained, lost)
            )
    return turnovers


@dataclass(frozen=True)
class Comparison:
    """The effect of a scenario on a period.

    ``effects`` are the changed figures, in total and by one dimension; ``turnovers`` has a list for each of
    the requested dimensions, by its name; ``sentences`` are the changed sentences of the main report.
    """

    effects: list[Effect]
    turnovers: dict[str, list[Turnover]]
    sentences: list[SentenceChange]


def compare(
    changes: Mapping[str, Any],
    period: Period,
    by: str,
    turnover_by: Sequence[str],
    progress: Callable[[str, int, int], None] = lambda *args: None,
) -> Comparison:
    """Compare the current registers with the same registers under a hypothetical policy; nothing is stored.

    ``changes`` has the hypothetical values: by key of a policy entry or code, a dict of values by first day,
    as :func:`xuezheng.policy.current.overridden` takes it. Only figures based on these are compared, in total
    and by the dimension ``by`` ("" for none); ``turnover_by`` are the dimensions of the turnovers.
    ``progress`` is called with a Chinese text, the steps done and the steps in all. Raises ``PolicyError``
    for an invalid scenario and ``FreezeRefused`` where the registers do not allow a snapshot.
    """
    with overridden(changes):
        pass  # a mistake is reported before anything is frozen
    today = timezone.localdate()
    with live(today, progress) as before, overridden(changes), live(today, progress) as after:
        progress("比较指标", 0, 2)
        resting = list(_resting_on(before, period, changes))
        effects = list(_differing(resting, before, after, period, by))
        turnovers = {name: _turnover(resting, before, after, period, name) for name in turnover_by}
        progress("比较报告", 1, 2)
        return Comparison(effects, turnovers, changed_sentences(before, after, period))


def _resting_on(snapshot: Snapshot, period: Period, keys: Collection[str]) -> Iterator[AnyFigure]:
    """Yield the figures that are based on the policy entries and codes ``keys``."""
    lists = {key.rpartition(".")[0] for key in keys if is_code(key)}
    for figure in catalogue.figures().values():
        cited = {citation.key for citation in figure.at(snapshot, period).citations}
        if not cited.isdisjoint(keys) or (
            lists and any(lists & part.code_lists(snapshot) for part in parts_of(figure))
        ):
            yield figure


def _pairs(
    figure: AnyFigure, before: Snapshot, after: Snapshot, period: Period, by: str
) -> Iterator[tuple[Answer, Answer]]:
    yield figure.at(before, period), figure.at(after, period)
    if by in figure.by:
        slices = {
            answer.slice[by]: None
            for snapshot in (before, after)
            for answer in figure.per(snapshot, period, by)
        }
        for member in slices:
            yield figure.at(before, period, **{by: member}), figure.at(after, period, **{by: member})


def _amounts(figure: Figure, snapshot: Snapshot, period: Period, by: str) -> dict[int, tuple[int, str]]:
    """Return (amount in fen, member of the dimension ``by``) for each row of a figure, by the row's id; empty without an amount."""
    rows = figure.rows(snapshot, period)
    amounts = [name for name, column in rows.columns.items() if column.money]
    if not amounts:
        return {}
    return {
        row["id"]: (row[amounts[-1]] or 0, MISSING if row.get(by) is None else str(row[by]))
        for row in rows.table.to_pylist()
    }
