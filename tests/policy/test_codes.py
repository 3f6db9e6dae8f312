"""Code lists: each code is dated, cited policy of its own; the bureau adds, renames and ends codes, and old ones stay readable."""

from dataclasses import replace
from datetime import date

import ibis
import pytest

from xuezheng.policy import codes, kept, proposals, taking
from xuezheng.policy.codes import code_list, recorded_lists, written_lists
from xuezheng.policy.current import policies_digest, reading, using
from xuezheng.policy.declarations import PolicyError, all_code_lists, matter
from xuezheng.policy.entries import Version
from xuezheng.policy.exporting import export_local_versions
from xuezheng.policy.models import LocalVersion
from xuezheng.policy.packs import read_pack, shipped
from xuezheng.policy.rule_codes import RuleCodes
from xuezheng.records.models import District, User

HARDSHIP = "policy.hardship"
SOURCE = "云教〔2026〕12号第三条"
TERM = date(2026, 9, 1)


def labels(day, key=HARDSHIP):
    return [label for _, label in code_list(key).in_force(day)]


def test_the_poverty_register_is_followed_by_the_categories_of_today():
    assert "建档立卡" in labels(date(2020, 12, 31))
    assert "建档立卡" not in labels(date(2021, 1, 1))
    today = labels(date(2026, 2, 20))
    assert {"脱贫家庭", "脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "农村低保", "城市低保"} <= set(
        today
    )
    fault = code_list(HARDSHIP).why_unusable("registered_poor", date(2026, 2, 20))
    assert "自2021-01-01起不再使用" in fault
    assert "脱贫家庭" in fault
    assert "还没有" in code_list(HARDSHIP).why_unusable("former_poor", date(2020, 12, 31))
    assert code_list(HARDSHIP).codes["registered_poor"].label == "建档立卡"


def test_a_province_says_from_which_year_its_tracks_are_chosen():
    with using([shipped()["national"], shipped()["anhui"]]):
        assert labels(date(2023, 6, 7), "enrolment.exam_track") == ["文史类", "理工类"]
        assert labels(date(2024, 6, 7), "enrolment.exam_track") == ["物理类", "历史类"]
        assert "2024-01-01" in code_list("enrolment.exam_track").why_unusable("physics", date(2023, 6, 7))
    with using([shipped()["national"]]):
        assert "物理类" in labels(date(2023, 6, 7), "enrolment.exam_track")


def test_every_list_has_codes_and_no_two_of_them_a_label():
    for key in all_code_lists():
        known = code_list(key)
        assert known.codes, key
        every = {(version.label, code.code) for code in known.codes.values() for version in code.versions}
        assert len({label for label, _ in every}) == len(every), key


def test_every_successor_is_a_code_of_the_list():
    for key in all_code_lists():
        known = code_list(key)
        for code in known.codes.values():
            assert {name for version in code.versions for name in version.successors} <= known.codes.keys()


def test_rules_ask_for_properties_on_the_day_of_the_row():
    rows = ibis.memtable(
        [
            {"code": "registered_poor", "day": date(2020, 12, 31)},
            {"code": "registered_poor", "day": date(2021, 1, 1)},
            {"code": "former_poor", "day": date(2021, 1, 1)},
            {"code": "other", "day": date(2021, 1, 1)},
            {"code": None, "day": date(2021, 1, 1)},
        ]
    )
    known = RuleCodes(code_list(HARDSHIP))
    asked = known.having(rows.day, rows.code, "entitles", "rain_dew")
    assert rows.select(asked=asked).to_pyarrow()["asked"].to_pylist() == [True, False, True, False, False]
    used = known.in_force(rows.day, rows.code)
    assert rows.select(asked=used).to_pyarrow()["asked"].to_pylist() == [True, False, True, True, False]


def test_rules_ask_whether_a_code_says_anything_and_whether_it_leaves_a_value_open():
    stages = ("junior", "senior", "preschool")
    codes_of_rows = ("senior_tuition", "boarder", "no_such_programme", None)
    rows = ibis.memtable(
        [
            {"code": code, "stage": stage, "day": date(2026, 3, 1)}
            for code in codes_of_rows
            for stage in stages
        ],
        schema={"code": "string", "stage": "string", "day": "date"},
    )
    programmes = RuleCodes(code_list("aid.programme"))
    says = programmes.stating(rows.day, rows.code, "stages")
    allows = programmes.allowing(rows.day, rows.code, "stages", rows.stage)
    leaves_open = programmes.allowing(rows.day, rows.code, "schools", rows.stage)
    columns = rows.select(says=says, allows=allows, leaves_open=leaves_open).to_pyarrow().to_pydict()
    known = code_list("aid.programme").codes
    stated = [
        known[code].on(date(2026, 3, 1)).properties if code in known else None for code in codes_of_rows
    ]
    assert columns["says"] == [bool(each) and "stages" in each for each in stated for _ in stages]
    assert columns["says"][:6] == [True] * 6
    assert columns["allows"] == [False, True, False, True, False, False] + [False] * 6
    assert columns["leaves_open"] == [bool(each) and "schools" not in each for each in stated for _ in stages]


def test_the_digest_of_policy_changes_with_a_code(bureau):
    before = policies_digest()
    assert policies_digest() == before
    proposed = proposals.propose(f"{HARDSHIP}.c341004_1", TERM, {"label": "因病致困"}, SOURCE, bureau["aid"])
    assert policies_digest() == before
    proposals.approve(proposed, bureau["office"])
    assert policies_digest() != before


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({}, "应写明label"),
        ({"label": " "}, "1至40个字"),
        ({"label": "甲", "colour": "red"}, "无法识别"),
        ({"label": "甲", "entitles": [1]}, "文字"),
    ],
)
def test_a_wrong_code_is_refused(value, words):
    with pytest.raises(PolicyError, match=words):
        matter(f"{HARDSHIP}.new").check(value)
    with pytest.raises(PolicyError, match="小写字母"):
        matter(f"{HARDSHIP}.New Code")


def test_the_lists_that_a_snapshot_recorded_are_read_as_they_were():
    written = written_lists({HARDSHIP})
    with using([replace(shipped()["national"], versions={})]):
        assert not code_list(HARDSHIP).codes
        with recorded_lists(written):
            assert "脱贫家庭" in labels(TERM)
            known = code_list(HARDSHIP)
    assert known.codes == code_list(HARDSHIP).codes


@pytest.fixture
def bureau(policy_of_the_database):
    District.objects.create(code="341004", name="云岭区", bureau_name="云岭区教育局")
    return {
        "aid": User.objects.create_user("aid", role="section", section="aid"),
        "party": User.objects.create_user("party", role="section", section="party"),
        "office": User.objects.create_user("office", role="office"),
    }


def test_a_section_adds_renames_and_ends_a_code_which_another_approves(bureau, tmp_path):
    key = f"{HARDSHIP}.c341004_1"
    with pytest.raises(PolicyError, match="不负责"):
        proposals.propose(key, TERM, {"label": "因病致困"}, SOURCE, bureau["party"])
    added = proposals.propose(
        key, TERM, {"label": "因病致困", "entitles": ["boarder"]}, SOURCE, bureau["aid"]
    )
    assert "因病致困" not in labels(TERM)
    with pytest.raises(PolicyError, match="不能自己审批"):
        proposals.approve(added, bureau["aid"])
    proposals.approve(added, bureau["office"])
    assert "因病致困" in labels(TERM)
    assert "因病致困" not in labels(date(2026, 8, 31))
    renamed = proposals.propose(f"{HARDSHIP}.other", TERM, {"label": "其他困难"}, SOURCE, bureau["aid"])
    proposals.approve(renamed, bureau["office"])
    assert (
        code_list(HARDSHIP).by_label["其他家庭经济困难"]
        == code_list(HARDSHIP).by_label["其他困难"]
        == "other"
    )
    ended = {"label": "因病致困", "ended": True, "successors": ["sudden_event"]}
    proposals.approve(
        proposals.propose(key, date(2027, 2, 1), ended, SOURCE, bureau["aid"]), bureau["office"]
    )
    assert "突发事件致贫家庭" in code_list(HARDSHIP).why_unusable("c341004_1", date(2027, 2, 1))
    assert dict(code_list(HARDSHIP).choices)["c341004_1"] == "因病致困"
    export_local_versions(tmp_path / "本县")
    exported = read_pack(tmp_path / "本县")
    assert [version.first for version in exported.versions[key]] == [TERM, date(2027, 2, 1)]
    assert exported.versions[f"{HARDSHIP}.other"][0].value["label"] == "其他困难"
    (path,) = [path for path in (tmp_path / "本县").rglob("*.yaml") if "其他困难" in path.read_text("utf-8")]
    written = path.read_text("utf-8")
    # In the order in which people write them, not in that of the alphabet.
    assert written.index("from:") < written.index("source:") < written.index("grade:")


def test_there_is_no_list_of_another_name():
    with pytest.raises(PolicyError, match=r"没有代码表“policy\.nothing”"):
        code_list("policy.nothing")


def test_a_label_names_one_code_and_a_code_is_ended_not_deleted(bureau):
    with pytest.raises(PolicyError, match="已经有另一项"):
        proposals.propose(f"{HARDSHIP}.c341004_1", TERM, {"label": "农村低保"}, SOURCE, bureau["aid"])
    proposals.propose(f"{HARDSHIP}.c341004_1", TERM, {"label": "因病致困"}, SOURCE, bureau["aid"])
    with pytest.raises(PolicyError, match="已经有另一项"):
        proposals.propose(f"{HARDSHIP}.c341004_2", TERM, {"label": "因病致困"}, SOURCE, bureau["aid"])
    with pytest.raises(PolicyError, match="只能停用"):
        proposals.propose(f"{HARDSHIP}.orphan", TERM, None, SOURCE, bureau["aid"])
    assert LocalVersion.objects.count() == 1


def test_a_bureau_that_adopted_its_packs_before_there_were_lists_reads_those_of_the_release(bureau):
    for pack in (shipped()["start"], shipped()["national"]):
        old = {key: versions for key, versions in pack.versions.items() if key.count(".") == 1}
        taking.take(replace(pack, versions=old), None)
    codes.forget()
    assert not any(key.startswith(HARDSHIP) for pack in kept.in_force() for key in pack.content)
    assert "脱贫家庭" in labels(TERM)
    assert labels(date(2024, 6, 7), "enrolment.exam_track") == ["物理类", "历史类"]


def test_what_an_edition_would_change_in_a_list_is_shown_before_it_is_taken(bureau):
    taking.pin_beginning()
    national = shipped()["national"]
    (orphan, *later) = national.versions[f"{HARDSHIP}.orphan"]
    new = Version(TERM, {**orphan.value, "label": "孤儿（含事实无人抚养）"}, SOURCE, "A")
    edition = replace(national, versions={**national.versions, f"{HARDSHIP}.orphan": (orphan, *later, new)})
    (change,) = taking.changes(edition)
    assert (change.after.key, change.after.title) == (
        f"{HARDSHIP}.orphan",
        "困难类别“孤儿（含事实无人抚养）”",
    )
    assert [version.first for version in change.new] == [TERM]


def test_a_context_reads_the_lines_that_it_names():
    with reading(({f"{HARDSHIP}.only": (Version(TERM, {"label": "唯一"}, SOURCE, "A"),)},)):
        assert labels(TERM) == ["唯一"]
        assert labels(date(2026, 8, 31)) == []
    assert "唯一" not in labels(TERM)
