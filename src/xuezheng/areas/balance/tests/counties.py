"""Invented counties for the tests of verdicts and plans, and the standards by which they are judged."""

import random
from fractions import Fraction

from xuezheng.areas.balance.procedures.gap_plan import Costs
from xuezheng.areas.balance.procedures.resources import (
    BY_KEY,
    INDICATORS,
    Resources,
    SchoolForm,
    StageForm,
    Standards,
)

LIMITS = {
    "degree_per_100": ("4.2", "5.3"), "backbone_per_100": ("1", "1"), "arts_per_100": ("0.9", "0.9"),
    "rooms_per_pupil": ("4.5", "5.8"), "sports_per_pupil": ("7.5", "10.2"),
    "equipment_per_pupil": ("2000", "2500"), "media_per_100": ("2.3", "2.4"),
}  # fmt: skip
STANDARDS = Standards(
    {
        key: {"primary": Fraction(primary), "junior": Fraction(junior)}
        for key, (primary, junior) in LIMITS.items()
    },
    6,
    Fraction("0.85"),
    {"primary": Fraction("0.5"), "junior": Fraction("0.45")},
    {"primary": Fraction(1), "junior": Fraction("1.1"), "senior": Fraction("1.32")},
    50,
)
COSTS = Costs(
    {
        "degree_per_100": Fraction(100_000), "backbone_per_100": Fraction(20_000), "arts_per_100": Fraction(100_000),
        "rooms_per_pupil": Fraction(3_000), "sports_per_pupil": Fraction(500), "equipment_per_pupil": Fraction(1), "media_per_100": Fraction(50_000),
    },
    Fraction(0),
)  # fmt: skip
STAGES = {"211": ["primary"], "218": ["primary"], "311": ["junior"], "312": ["primary", "junior"], "341": ["junior", "senior"]}  # fmt: skip
KINDS = ["211"] * 4 + ["218", "311", "311", "312", "341"]


def stage(pupils, degree, backbone, arts):
    """A stage with so many pupils and teachers."""
    numbers = {
        "degree_per_100": Fraction(degree),
        "backbone_per_100": Fraction(backbone),
        "arts_per_100": Fraction(arts),
    }
    return StageForm(pupils, 6, max(pupils // 40, 1), degree + arts, numbers)


def school(kind, stages, rooms, sports, equipment, media, name="某校"):
    """A school with its stages and facilities, equipment in yuan."""
    shared = dict(zip([each.key for each in INDICATORS if each.shared], map(Fraction, (rooms, sports, equipment, media)), strict=True))  # fmt: skip
    return SchoolForm(name, kind, "831", "121", stages, shared)


def enough(pupils=100, name="够校", **changes):
    """A primary school that just reaches every standard, but for what is changed."""
    has = {
        "degree": -(-pupils * 42 // 1000), "backbone": -(-pupils // 100), "arts": -(-pupils * 9 // 1000),
        "rooms": Fraction("4.5") * pupils, "sports": Fraction("7.5") * pupils, "equipment": 2000 * pupils, "media": -(-pupils * 23 // 1000),
    } | changes  # fmt: skip
    form = stage(pupils, has["degree"], has["backbone"], has["arts"])
    return school("211", {"primary": form}, *(has[each] for each in ("rooms", "sports", "equipment", "media")), name=name)  # fmt: skip


def county(number, seed, spread=(0.6, 2.2), pupils=(30, 1500), silent=0.0):
    """A county of so many schools, from poor to rich, where some may not have sent their form of facilities."""
    chance, schools = random.Random(seed), {}
    for key in range(1, number + 1):
        kind = chance.choice(KINDS)
        forms, shared = {}, dict.fromkeys([each.key for each in INDICATORS if each.shared], Fraction(0))
        for name in STAGES[kind]:
            roll = chance.randint(*pupils)
            like = "junior" if name == "senior" else name

            def some(indicator, roll=roll, like=like):
                return Fraction(
                    int(
                        roll
                        / indicator.per
                        * float(STANDARDS.limits[indicator.key][like])
                        * chance.uniform(*spread)
                    )
                )

            teachers = {each.key: some(each) for each in INDICATORS if not each.shared}
            forms[name] = StageForm(roll, 6, roll // 40 + 1, 99, teachers)
            for each in shared:
                shared[each] += some(BY_KEY[each])
        known = None if chance.random() < silent else shared
        schools[key] = SchoolForm(f"学校{key}", kind, "831", chance.choice(["121", "220"]), forms, known)
    return Resources(2019, schools)
