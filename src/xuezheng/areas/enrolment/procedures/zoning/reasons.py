"""Explains in Chinese why a plan assigns a community to a school, and which rules a plan breaks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from xuezheng.areas.enrolment.procedures.zoning.problem import Measures, Problem


def explain(
    problem: Problem,
    assignment: Sequence[int],
    measures: Measures,
    place: int,
    locked: Collection[int] = (),
) -> str:
    """Return in Chinese why the community with the index ``place`` is assigned to its school.

    It gives the distance, the places, why it is not the nearest school, the last zones and siblings.
    ``locked`` has the indexes of the locked communities.
    """
    about, school = problem.communities[place], assignment[place]
    name = problem.schools[school].name
    parts = [f"离{name}{problem.metres[place][school]}米{_measured(problem, place, school)}"]
    nearest = problem.nearest[place]
    if problem.metres[place][school] == problem.metres[place][nearest]:
        parts[0] += "，是最近的学校"
    else:
        parts.append(_why_not_nearest(problem, measures, place, school))
    parts.append(_describe_places(problem, measures, school))
    if problem.metres[place][school] > problem.settings.limit_metres:
        parts.append(f"超过限距{problem.settings.limit_metres}米")
    if not about.last:
        parts.append("以前没有划片")
    elif school in about.last:
        parts.append(f"{problem.last_label}同校")
    else:
        parts.append(f"{problem.last_label}在{'、'.join(problem.schools[each].name for each in about.last)}")
    if parted := problem.parted(place, school):
        parts.append(f"{parted}名儿童的哥哥姐姐在别校")
    if place in measures.detached:
        parts.append("与本校其他社区不连片")
    if place in locked:
        parts.append("人工锁定")
    return "；".join(parts)


def _measured(problem: Problem, place: int, school: int) -> str:
    return "（实测）" if (place, school) in problem.measured else ""


def _describe_places(problem: Problem, measures: Measures, school: int) -> str:
    """The places of a school left or lacking, as a sentence."""
    free = problem.schools[school].places - measures.loads[school]
    if free > 0:
        return f"名额有余{free}个"
    if free == 0:
        return "名额正好"
    excess = measures.overload[school]
    return f"超出学位{-free}人" + ("" if excess else "，在允许的范围内")


def _why_not_nearest(problem: Problem, measures: Measures, place: int, school: int) -> str:
    """What speaks against the nearest school, as far as it can be told from the plan itself."""
    nearest, about = problem.nearest[place], problem.communities[place]
    metres = problem.metres[place]
    near = f"最近的{problem.schools[nearest].name}（{metres[nearest]}米{_measured(problem, place, nearest)}）"
    if measures.loads[nearest] + about.children > problem.capacities[nearest]:
        return f"{near}放不下：学位{problem.schools[nearest].places}个，已划{measures.loads[nearest]}人"
    farther = metres[school] - metres[nearest]
    if school in about.last and nearest not in about.last:
        return f"{near}只近{farther}米，改划的好处不大"
    return f"{near}近{farther}米，按各社区合计的路程、连片和变动统筹"


def breaches(problem: Problem, measures: Measures) -> Iterator[str]:
    """Yield a Chinese sentence for each shortcoming of an assignment.

    These are overloaded schools, schools with places but no children, children beyond the walking limit,
    detached communities, and children separated from siblings.
    """
    for school, excess in zip(problem.schools, measures.overload, strict=True):
        if excess:
            allowed = (
                f"，已含允许超出的{problem.settings.overload_percent}%"
                if problem.settings.overload_percent
                else ""
            )
            yield f"{school.name}超出{excess}人{allowed}。"
    assigned = {school for school, load in enumerate(measures.loads) if load}
    for number, school in enumerate(problem.schools):
        if number not in assigned and school.places:
            yield f"{school.name}有学位{school.places}个，没有划到适龄儿童。"
    if measures.beyond:
        yield f"{measures.beyond}名儿童的路程超过{problem.settings.limit_metres}米。"
    for place in measures.detached:
        yield f"{problem.communities[place].name}与所划学校的其他社区不连片。"
    if measures.parted:
        yield f"{measures.parted}名儿童与哥哥姐姐不同校。"
