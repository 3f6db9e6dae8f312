"""Explains in Chinese why a plan places a teacher somewhere, and why it meets a wish or not.

No sentence names another person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from xuezheng.areas.staffing.procedures.measures import breaches, shortfalls
from xuezheng.areas.staffing.procedures.problem import Placing, Problem, Teacher

_SHARES = {"moved": "调出人数", "backbone": "骨干教师比例", "rural": "到乡村学校的比例"}
_ORDINALS = "一二三"


def reason_of(problem: Problem, placing: Placing, teacher: Teacher) -> str:
    """Return a Chinese sentence on why ``placing`` moves ``teacher`` where it does, or not at all."""
    school = placing.get(teacher.person)
    if school is None:
        return _reason_to_stay(problem, placing, teacher)
    rank = teacher.rank_of(school)
    if rank is not None:
        return f"按第{_ORDINALS[rank - 1]}志愿安排。"
    wished = "填报的志愿都不能满足，" if teacher.wishes else "没有填志愿，"
    without = {**placing, teacher.person: None}
    now, then = shortfalls(problem, placing), shortfalls(problem, without)
    if needed := [label for name, label in _SHARES.items() if then[name] > now[name]]:
        return f"{wished}为达到{'、'.join(needed)}的要求，安排到有这一学科岗位的学校。"
    return f"{wished}安排到有这一学科岗位的学校。"


def _reason_to_stay(problem: Problem, placing: Placing, teacher: Teacher) -> str:
    if not problem.choices(teacher):
        return "本学年没有其他学校接收这一学段、学科的教师，不动。"
    if teacher.wishes:
        return "填报的志愿都不能满足，本学年不动。"
    if any(shortfalls(problem, placing).values()):
        return "没有填志愿；各项要求没有都达到，但可去的岗位已满，或者安排此人会违反规定、使别的比例更差，本学年不动。"
    if teacher.stays:
        return "申请不交流，各项要求不靠此人也能达到，本学年不动。"
    return "没有填志愿，各项要求不靠此人也能达到，本学年不动。"


def unmet_wishes(
    problem: Problem, placing: Placing, teacher: Teacher, name: Callable[[int], str] = str
) -> list[dict[str, object]]:
    """Return the wishes that a teacher would prefer to the school in ``placing``; [] if the first is met.

    Each is a dict with "rank" (number of the wish, from 1), "school" (primary key) and "reason" (a Chinese
    sentence on what prevented it). ``name`` returns the name of a school for its key.
    """
    rank = teacher.rank_of(placing.get(teacher.person))
    better = teacher.wishes if rank is None else teacher.wishes[: rank - 1]
    return [
        {"rank": number, "school": school, "reason": _obstacle(problem, placing, teacher, school, name)}
        for number, school in enumerate(better, 1)
    ]


def _obstacle(
    problem: Problem, placing: Placing, teacher: Teacher, school: int, name: Callable[[int], str]
) -> str:
    places = problem.places.get((school, teacher.field), 0)
    if not places:
        return "这所学校没有公布这一学段、学科的岗位。"
    changed = {**placing, teacher.person: school}
    for first, second in problem.pairs:
        if teacher in (first, second):
            changed |= {first.person: school, second.person: school}
    known = {(breach.kind, breach.persons) for breach in breaches(problem, placing)}
    new = [
        breach for breach in breaches(problem, changed, name) if (breach.kind, breach.persons) not in known
    ]
    if any(breach.kind == "places" for breach in new):
        return f"岗位已满：{places}个岗位{_holders(problem, placing, teacher, school)}。"
    if new:
        return {
            "leave": "本校这一学段、学科一次调出的人数已到上限。",
            "floor": "调出以后本校骨干教师不到底线。",
            "pair": "填了同一个同校编号的另一人不能到这所学校。",
        }.get(new[0].kind, new[0].sentence)
    before, after = shortfalls(problem, placing), shortfalls(problem, changed)
    if worse := [label for kind, label in _SHARES.items() if after[kind] > before[kind]]:
        return f"这样改派，{'、'.join(worse)}达不到要求。"
    return "单独改派不违反规定，但全体的志愿满足程度会下降，或者方案没有证明最优。可以人工调整。"


def _holders(problem: Problem, placing: Placing, teacher: Teacher, school: int) -> str:
    """Say by which wishes the places of a school are taken, in numbers only."""
    ranks = Counter(
        each.rank_of(school)
        for each in problem.teachers
        if each.field == teacher.field and placing.get(each.person) == school
    )
    parts = [f"第{_ORDINALS[rank - 1]}志愿{ranks[rank]}人" for rank in (1, 2, 3) if ranks[rank]]
    if ranks[None]:
        parts.append(f"没有填这一志愿而按要求安排的{ranks[None]}人")
    return f"安排了{'、'.join(parts)}" if parts else "不够同校的两人"
