"""Determines who is due to rotate on a day, and why, from registers and dated policy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from xuezheng.areas.staffing.models import RotationExemption, TeachingSubject
from xuezheng.areas.staffing.models.exchange import COMPULSORY
from xuezheng.areas.staffing.models.quotas import EXCHANGED, LEADING, TEACHER
from xuezheng.core.periods import full_years
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import code_has
from xuezheng.records.models import Person, School, Sex, StaffMember

YEARS_AHEAD = 3


@dataclass(frozen=True)
class Post:
    """A post of a person in the register of staff.

    ``school`` is the primary key of the school, None for a post at the bureau; ``kind`` is a code such as
    "head", "vice_head" or "teacher". ``first`` and ``last`` are inclusive; ``last`` is None while the person
    holds the post.
    """

    school: int | None
    kind: str
    first: date
    last: date | None = None


@dataclass(frozen=True)
class Tenure:
    """The post that a person holds on a day, with the day of arrival at the school.

    ``counted_from`` is the day from which the years for rotation are counted; ``school`` is a primary key and
    ``kind`` the code of the post.
    """

    school: int
    kind: str
    arrived: date
    counted_from: date


@dataclass(frozen=True)
class DueLine:
    """The assessment of one person on a day: whether the person is due to rotate, and why.

    ``years`` are the full years counted from ``tenure.counted_from`` to the day, inclusive; ``limit`` is the
    number of years from which the person is due, None if policy sets none. ``exempt`` is the reason for an
    exemption in Chinese, "" without one. ``reason`` is a Chinese sentence that explains the assessment.
    """

    person: int
    name: str
    tenure: Tenure
    years: int
    limit: int | None
    exempt: str
    reason: str

    @property
    def reached(self) -> bool:
        """Whether the person has served the years at one school after which policy requires rotation.

        An exempt person counts too; False if policy sets no limit.
        """
        return self.limit is not None and self.years >= self.limit

    @property
    def due(self) -> bool:
        """Whether the person is due to rotate: the required years are reached and there is no exemption."""
        return self.reached and not self.exempt


def assessment_day(year: int) -> date:
    """Return 31 August of ``year``, the last day counted for the school year that begins in that autumn."""
    return date(year, 8, 31)


def days_of(year: int, today: date) -> list[date]:
    """Return the days for which the list of due persons is shown, in ascending order.

    These are 31 August of ``year`` and of the two following years, preceded by ``today`` if it is before the
    first.
    """
    coming = [assessment_day(year + ahead) for ahead in range(YEARS_AHEAD)]
    return [today, *coming] if today < coming[0] else coming


def tenure_on(posts: Sequence[Post], day: date, vice_head_counts: bool) -> Tenure | None:
    """Return the tenure of a person on ``day``; None without a post at a school subject to rotation.

    ``posts`` are all posts of the person in ascending order of their first days. The years of a teacher are
    counted from the arrival at the school in any post; those of a head or vice-head from the beginning of the
    present post or, if ``vice_head_counts``, from the first day as head or vice-head in the present
    uninterrupted time at the school.
    """
    started = [post for post in posts if post.first <= day]
    if not started or (started[-1].last is not None and started[-1].last < day):
        return None
    present = started[-1]
    if present.school is None or present.kind not in EXCHANGED:
        return None
    here = _latest(started, lambda post: post.school == present.school)
    if present.kind not in LEADING:
        counted = here
    elif vice_head_counts:
        counted = _latest(here, lambda post: post.kind in LEADING)
    else:
        counted = [present]
    return Tenure(present.school, present.kind, here[0].first, counted[0].first)


def _latest(posts: Sequence[Post], belongs: Callable[[Post], bool]) -> list[Post]:
    """Return the last posts, without a break, that belong together."""
    together: list[Post] = []
    for post in reversed(posts):
        if not belongs(post):
            break
        together.insert(0, post)
    return together


@dataclass(frozen=True)
class Limits:
    """The limits that policy sets on a day.

    ``years`` has, by code of post ("head", "vice_head", "teacher"), the full years from which a person is
    due; ``ages`` has, by sex, the age in years from which a person is exempt. A value is None if policy sets
    none. ``vice_head_counts`` is whether years as vice-head count for a head.
    """

    years: Mapping[str, int | None]
    ages: Mapping[str, int | None]
    vice_head_counts: bool


def limits_on(day: date) -> Limits:
    """Return the limits of years and ages that policy sets on ``day``; each value that is not set is None."""
    terms, length = _number("head_terms", day), _number("term_of_office", day)
    leading = None if terms is None or length is None else terms * length
    years = dict.fromkeys(LEADING, leading) | {TEACHER: _number("teacher_years", day)}
    ages = {sex: _number("exempt_age", day, sex) for sex in Sex.values}
    return Limits(years, ages, _number("vice_head_counts", day) == 1)


def _number(name: str, day: date, *keys: str) -> int | None:
    value = entry(f"staffing.{name}").value(day, *keys)
    return None if value is None else int(value)


def exempt_by_age(age: int | None, born: date, day: date) -> str:
    """Return in Chinese why a person born on ``born`` is exempt by age on ``day``; "" if not exempt.

    ``age`` is the age in full years from which persons are exempt; None if policy sets none.
    """
    if age is None or full_years(born, day) < age:
        return ""
    return f"已满{age}周岁，临近退休"


def list_due(day: date, school: int | None = None) -> list[DueLine]:
    """Assess all heads, vice-heads and teachers in post on ``day``, due or not, and return one line for each.

    Covers public schools of compulsory education, or only the one with the primary key ``school``. Teachers
    registered as teaching another stage are left out. Sorted by school code, heads and vice-heads before
    teachers, most years first.
    """
    schools = rotating_schools()
    limits = limits_on(day)
    people = StaffMember.objects.filter(
        school__in=[school] if school is not None else schools, post__in=EXCHANGED, post_from__lte=day
    ).values("person")
    posts = defaultdict(list)
    for row in StaffMember.objects.filter(person__in=people).order_by("post_from", "pk"):
        posts[row.person_id].append(Post(row.school_id, row.post, row.post_from, row.post_until))
    tenures = {
        person: tenure
        for person, own in posts.items()
        if (tenure := tenure_on(own, day, limits.vice_head_counts))
    }
    tenures = {
        person: tenure
        for person, tenure in tenures.items()
        if tenure.school in schools and school in (None, tenure.school)
    }
    of_other_stages = TeachingSubject.objects.exclude(stage__in=dict(COMPULSORY)).values_list(
        "person", flat=True
    )
    for person in of_other_stages:
        tenures.pop(person, None)
    exemptions = _exemptions(tenures, day)
    lines = [
        _line(person, tenures[person.pk], day, limits, exemptions.get(person.pk, ""))
        for person in Person.objects.filter(pk__in=tenures).only("name", "sex", "birth_date")
    ]
    return sorted(
        lines,
        key=lambda line: (
            schools[line.tenure.school].code,
            line.tenure.kind == TEACHER,
            -line.years,
            line.person,
        ),
    )


def rotating_schools() -> dict[int, School]:
    """Return the schools that take part in rotation, by primary key: public ones of compulsory education."""
    stages = {stage for stage, _ in COMPULSORY}
    return {
        school.pk: school
        for school in School.objects.all()
        if stages & set(school.stages) and not code_has(school, "runner", "private")
    }


def _exemptions(people: Iterable[int], day: date) -> dict[int, str]:
    """Return the registered reasons for which persons need not move on a day, in Chinese."""
    codes = code_list("staffing.rotation_exemption").codes
    reasons = {}
    for exemption in RotationExemption.objects.filter(person__in=list(people), starts_on__lte=day).order_by(
        "starts_on"
    ):
        if exemption.ends_on is None or exemption.ends_on >= day:
            label = codes[exemption.kind].label if exemption.kind in codes else exemption.kind
            reasons[exemption.person_id] = f"{label}（{exemption.starts_on}起）"
    return reasons


def _line(person: Person, tenure: Tenure, day: date, limits: Limits, registered: str) -> DueLine:
    years = full_years(tenure.counted_from, day + timedelta(days=1))
    limit = limits.years[tenure.kind]
    exempt = registered or exempt_by_age(limits.ages[person.sex], person.birth_date, day)
    reason = _sentence(tenure, years, limit)
    if limit is not None and years >= limit and exempt:
        reason += f"，但{exempt}，不列入"
    return DueLine(person.pk, person.name, tenure, years, limit, exempt, f"{reason}。")


def _sentence(tenure: Tenure, years: int, limit: int | None) -> str:
    since = tenure.counted_from
    since_when = (
        "到本校任教"
        if tenure.kind not in LEADING
        else "任现职"
        if since != tenure.arrived
        else "到本校任现职"
    )
    words = f"{since.year}年{since.month}月{since.day}日{since_when}，满{years}年"
    if limit is None:
        return f"{words}，这一天没有规定年限，不认定"
    if years >= limit:
        return f"{words}，达到规定的{limit}年"
    return f"{words}，不到规定的{limit}年"
