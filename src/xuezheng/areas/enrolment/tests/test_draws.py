"""Public draws: the list comes first, the seed after, two persons enter it, and an outsider computes the same order."""

import hashlib
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.enrolment.doctor import draws as doctor_check
from xuezheng.areas.enrolment.models import Draw, DrawStep
from xuezheng.areas.enrolment.procedures import steps
from xuezheng.areas.enrolment.procedures.lists import hash_of, read_list
from xuezheng.areas.enrolment.procedures.programme import draw
from xuezheng.records.models import School
from xuezheng.workbooks.problems import WorkbookRefused

SEED, TODAY = "051218222633", timezone.localdate()
# Worked out once with openssl, step by step; it must stay the same in every release.
EXPECTED = [("0003", True), ("0006", True), ("0002", False), ("0005", False), ("0001", True), ("0004", False)]
VECTOR = ("0001\n0002,A\n0003\n0004\n0005,A\n0006\n", 3, SEED)


def drawn_by_an_outsider(content: bytes, places: int, seed: str):
    """The published rules, written again without the programme: order by repeated choice of the last unit."""
    units = {}
    for line in content.decode().split():
        number, group = f"{line},".split(",")[:2]
        units.setdefault(group or f"#{number}", []).append(number)
    rest = sorted(units.values())
    stream = hashlib.sha256(seed.encode() + b"\n" + hashlib.sha256(content).hexdigest().encode()).digest()
    order, used = [], 0
    while len(rest) > 1:
        while True:
            block = hashlib.sha256(stream + used.to_bytes(8, "big"))
            used += 1
            number = int(block.hexdigest(), 16)
            if number // len(rest) < 2**256 // len(rest):
                break
        place = number % len(rest)
        order.append(rest[place])
        rest[place] = rest[-1]
        rest.pop()
    order = [*rest, *reversed(order)]
    taken, lines = 0, []
    for unit in order:
        fits = taken + len(unit) <= places
        taken += len(unit) * fits
        lines += [(number, fits) for number in unit]
    return lines


def test_the_vector_stays():
    content, places, seed = VECTOR
    assert hashlib.sha256(content.encode()).hexdigest() == hash_of(content)
    assert draw(content.encode(), places, seed) == drawn_by_an_outsider(content.encode(), places, seed)
    assert draw(content.encode(), places, seed) == EXPECTED


@given(st.integers(1, 400), st.integers(0, 400), st.integers(0, 10**12), st.integers(0, 5))
def test_an_outsider_gets_the_same(size, places, seed, groups):
    rng = random.Random(seed)
    lines = sorted(
        f"{number:04}" + (f",G{rng.randrange(groups)}" if groups and rng.random() < 0.2 else "")
        for number in range(size)
    )
    content = "".join(f"{line}\n" for line in lines).encode()
    result = draw(content, places, str(seed))
    assert result == drawn_by_an_outsider(content, places, str(seed))
    assert sorted(number for number, _ in result) == [line.split(",")[0] for line in lines]
    assert sum(admitted for _, admitted in result) <= places


def test_every_order_is_equally_likely():
    content = b"1\n2\n3\n4\n"
    counts = Counter(tuple(number for number, _ in draw(content, 2, str(seed))) for seed in range(4800))
    assert len(counts) == 24
    # 200 expected of each; chi squared with 23 degrees of freedom is below 49.7 in 999 of 1000 fair draws, and the seeds are always the same.
    assert sum((count - 200) ** 2 / 200 for count in counts.values()) < 49.7


def test_a_group_gets_places_together_or_waits():
    for seed in range(50):
        result = dict(draw(b"1,A\n2,A\n3\n4\n", 3, str(seed)))
        assert result["1"] == result["2"]
        assert sum(result.values()) in (2, 3)


@pytest.fixture
def fixed(people):
    school = School.objects.order_by("pk").first()
    draft = Draw(
        school=school,
        stage="primary",
        year=2026,
        places=3,
        seed_from="某日公开号码",
        seed_on=TODAY + timedelta(days=1),
    )
    return steps.fix(draft, VECTOR[0], people["甲"])


def test_two_persons_make_a_draw(fixed, people):
    after = fixed.seed_on
    with pytest.raises(steps.DrawRefused, match="现在还不能录入"):
        steps.enter_seed(fixed.pk, SEED, people["甲"], after - timedelta(days=1))
    with pytest.raises(steps.DrawRefused, match="不能办理派位"):
        steps.enter_seed(fixed.pk, SEED, people["丙"], after)
    for wrong in ("12", "x" * 5, "1" * 61, "12 34", "１２３４"):
        with pytest.raises(steps.DrawRefused, match="只填数字"):
            steps.enter_seed(fixed.pk, wrong, people["甲"], after)
    steps.enter_seed(fixed.pk, SEED, people["甲"], after)
    with pytest.raises(steps.DrawRefused, match="另一个人"):
        steps.confirm(fixed.pk, SEED, people["甲"])
    with pytest.raises(steps.DrawRefused, match="不一致"):
        steps.confirm(fixed.pk, SEED + "1", people["乙"])
    steps.send_back(fixed.pk, people["甲"])
    steps.enter_seed(fixed.pk, SEED, people["乙"], after)
    steps.confirm(fixed.pk, SEED, people["甲"])
    fixed.refresh_from_db()
    assert fixed.state == Draw.State.DRAWN
    assert steps.result_of(fixed) == EXPECTED
    assert steps.result_hash(steps.result_of(fixed)) == fixed.result_hash
    with pytest.raises(steps.DrawRefused, match="不能办这一步"):
        steps.enter_seed(fixed.pk, SEED, people["甲"], after)
    with pytest.raises(steps.DrawRefused, match="写明原因"):
        steps.revoke(fixed.pk, "错了", people["甲"])
    steps.revoke(fixed.pk, "名单漏了两人。", people["甲"])
    assert [step.after for step in DrawStep.objects.all()] == [
        "fixed",
        "seeded",
        "fixed",
        "seeded",
        "drawn",
        "revoked",
    ]


@pytest.mark.parametrize("days", [0, -1])
def test_the_seed_must_come_after_the_list(people, days):
    draft = Draw(
        school=School.objects.first(),
        stage="primary",
        year=2026,
        places=3,
        seed_from="号码",
        seed_on=TODAY + timedelta(days=days),
    )
    with pytest.raises(steps.DrawRefused, match="须晚于今天"):
        steps.fix(draft, VECTOR[0], people["甲"])
    assert not Draw.objects.exists()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        ({"places": 4}, "与派位时的结果不符"),
        ({"seed": SEED + "0"}, "与派位时的结果不符"),
        ({"listing": VECTOR[0] + "0007\n"}, "与公布的校验值不符"),
        ({"state": "fixed"}, "状态与经办记录不符"),
    ],
)
def test_what_is_changed_after_the_draw_is_found(fixed, people, damage, message):
    steps.enter_seed(fixed.pk, SEED, people["甲"], fixed.seed_on)
    steps.confirm(fixed.pk, SEED, people["乙"])
    assert doctor_check.run().is_sound
    Draw.objects.filter(pk=fixed.pk).update(**damage)
    assert [message in finding.message for finding in doctor_check.run().findings] == [True]


@pytest.fixture
def listed(tmp_path):
    def write(*rows, name="名单.csv"):
        path = tmp_path / name
        path.write_text("\n".join(rows), "utf-8")
        return read_list(path, name)

    return write


def test_a_list_is_sorted_and_its_blank_rows_are_left(listed):
    assert listed("报名序号,同组编号", "0003,", "", "0001,A", "0002,A") == "0001,A\n0002,A\n0003\n"
    assert listed("序号", "2", "1") == "1\n2\n"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("姓名", "王小明"), "第1行没有“报名序号”"),
        (("报名序号",), "没有一个报名序号"),
        (("报名序号", "1", "1"), "第3行：报名序号1重复"),
        (("报名序号", "34100120190101001X"), "第2行：报名序号像是身份证号"),
        (("报名序号,同组编号", "1,13900000000"), "第2行：同组编号像是身份证号或手机号"),
        (("报名序号", "王小明"), "只能用数字、字母"),
        (("报名序号", "1" * 21), "不超过20位"),
        (("报名序号,同组编号", "1,A", "2,B"), "同组编号A只有1人"),
        (("报名序号,同组编号", ",A"), "没有报名序号"),
    ],
)
def test_a_wrong_list_is_refused_with_its_row(listed, rows, message):
    with pytest.raises(WorkbookRefused, match=message):
        listed(*rows)


def test_a_draw_from_the_list_to_the_result_on_its_pages(people, tmp_path):
    def client(name):
        seat = Client()
        seat.force_login(people[name])
        return seat

    first, second, stranger = client("甲"), client("乙"), client("丙")
    assert stranger.get("/enrolment/draws/").status_code == 403
    assert stranger.post("/enrolment/draws/new/", {}).status_code == 403
    content = "报名序号,同组编号\n" + "".join(f"{line},\n".replace(",A,", ",A") for line in VECTOR[0].split())
    form = {
        "kind": "places",
        "source": "file",
        "school": School.objects.order_by("pk").first().pk,
        "stage": "primary",
        "year": "2026",
        "places": "3",
        "seed_from": "某日公开号码",
        "seed_on": str(TODAY + timedelta(days=1)),
    }

    def send(**changed):
        file = SimpleUploadedFile("名单.csv", content.encode())
        return first.post("/enrolment/draws/new/", {**form, **changed, "file": file})

    for changed, message in (
        ({"seed_on": str(TODAY)}, "须晚于今天"),
        ({"places": "0"}, "大于或等于"),
        ({"stage": "senior"}, "不办这一学段"),
        ({"school": "0"}, "选"),
        ({"seed_on": "2026-02-30"}, "日期"),
    ):
        answer = send(**changed)
        assert answer.status_code == 200
        assert message in answer.content.decode()
    assert not Draw.objects.exists()
    page = send()["Location"]
    assert "请先公布名单和校验值" in first.get(page).content.decode()
    listing = b"".join(first.get(f"{page}list/").streaming_content)
    assert listing.decode() == VECTOR[0]
    assert first.get(f"{page}result/").status_code == 404

    Draw.objects.update(seed_on=TODAY)
    first.post(page, {"step": "seed", "seed": SEED})
    assert "另一个人" in first.post(page, {"step": "confirm", "seed": SEED}, follow=True).content.decode()
    shown = second.post(page, {"step": "confirm", "seed": SEED}, follow=True).content.decode()
    assert "录取3人，候补3人" in shown
    assert "现在重算，与当时一致" in shown
    assert stranger.get(page).status_code == 403

    (tmp_path / "list.csv").write_bytes(listing)
    (tmp_path / "draw.py").write_bytes(b"".join(first.get(f"{page}programme/").streaming_content))
    words = [sys.executable, "-I", tmp_path / "draw.py", tmp_path / "list.csv", "3", SEED]
    printed = subprocess.run(
        words, capture_output=True, text=True, check=True, env={"PYTHONUTF8": "1"}
    ).stdout.splitlines()
    assert printed[0] == f"名单校验值 {hash_of(VECTOR[0])}"
    result = b"".join(first.get(f"{page}result/").streaming_content).decode("utf-8-sig").splitlines()
    assert printed[1:] == result[1:]
    assert second.post(page, {"step": "else"}).status_code == 404
