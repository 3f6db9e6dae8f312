"""Taking a pack: what would change is known before; what was taken stays, whatever a later release ships."""

from dataclasses import replace
from datetime import date

import pytest

from xuezheng.policy import PolicyError, exporting, kept, proposals, taking
from xuezheng.policy.codes import code_list
from xuezheng.policy.current import entry, read_once
from xuezheng.policy.models import TakenPack
from xuezheng.policy.packs import read_pack, shipped
from xuezheng.records.models import ChainLink, District, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("policy_of_the_database")]
DAY = date(2026, 9, 1)


def register_district(code):
    District.objects.create(code=code, name="云岭县", bureau_name="云岭县教育局")


def later_edition(pack, key, value):
    """The pack as a later release might ship it: one value is another."""
    *before, last = pack.versions[key]
    return replace(
        pack, edition="2027.1", versions={**pack.versions, key: (*before, replace(last, value=value))}
    )


def test_a_bureau_that_has_taken_nothing_reads_the_packs_of_its_province():
    assert entry("aid.senior_tuition").value(DAY, "ordinary") is None
    register_district("341004")
    assert entry("aid.senior_tuition").value(DAY, "ordinary") == 35_000
    assert entry("aid.university").value(DAY) == 150_000
    assert not TakenPack.objects.exists()


def test_the_first_freeze_takes_what_the_bureau_begins_with_once():
    register_district("341004")
    taking.pin_beginning()
    taking.pin_beginning()
    assert [(pack.code, pack.taken_by) for pack in kept.in_force()] == [
        ("start", None),
        ("national", None),
        ("anhui", None),
    ]
    assert ChainLink.objects.filter(subject="policy.pack").count() == 3


def test_what_would_change_is_known_before_and_counts_after_it_is_taken():
    user = User.objects.create_user("office", role="office")
    taking.pin_beginning()
    later = later_edition(shipped()["national"], "aid.boarder", {"primary": 70_000, "junior": 80_000})
    assert entry("aid.boarder").value(DAY, "primary") == 62_500
    (change,) = taking.changes(later)
    assert change.after.key == "aid.boarder"
    assert [version.value["primary"] for version in (*change.gone, *change.new)] == [62_500, 70_000]
    taking.take(later, user)
    assert entry("aid.boarder").value(DAY, "primary") == 70_000
    assert taking.changes(later) == []
    with pytest.raises(PolicyError, match="已经采用，没有变化"):
        taking.take(later, user)


def test_the_bureau_s_own_version_goes_before_a_pack():
    aid, office = (
        User.objects.create_user(name, role=role, section=section)
        for name, role, section in (("aid", "section", "aid"), ("office", "office", ""))
    )
    own = proposals.propose("aid.preschool", date(2020, 9, 1), 333, "云教〔2020〕1号", aid)
    proposals.approve(own, office)
    taking.take(shipped()["huizhou-2019"], office)
    assert entry("aid.preschool").value(DAY) == 33_300


def test_policy_that_is_read_once_is_asked_for_once_and_stays(django_assert_num_queries):
    taking.pin_beginning()
    entry("aid.boarder")  # the contents of taken packs are kept from here on
    with django_assert_num_queries(3), read_once():
        before = [entry("aid.boarder").value(DAY, "primary") for _ in range(20)]
    with read_once():
        taking.take(
            later_edition(shipped()["national"], "aid.boarder", {"primary": 70_000, "junior": 80_000}), None
        )
        assert entry("aid.boarder").value(DAY, "primary") == before[0]
    assert entry("aid.boarder").value(DAY, "primary") == 70_000


def test_a_county_pack_is_taken_and_ended():
    taking.take(shipped()["huizhou-2019"], None)
    assert {pack.code for pack in kept.in_force()} == {"start", "national", "huizhou-2019"}
    assert entry("aid.listed_rate").value(date(2019, 2, 25), "primary", "day") == "boarder"
    taking.withdraw("huizhou-2019", None)
    assert entry("aid.listed_rate").value(date(2019, 2, 25), "primary", "day") is None
    with pytest.raises(PolicyError, match="没有采用"):
        taking.withdraw("huizhou-2019", None)
    taking.take(shipped()["huizhou-2019"], None)
    assert entry("aid.listed_rate").value(date(2019, 2, 25), "primary", "day") == "boarder"


def test_the_codes_of_a_pack_that_is_ended_are_read_anew():
    taking.take(shipped()["huizhou-2019"], None)
    assert code_list("policy.level").codes["district"].label == "区级"
    taking.withdraw("huizhou-2019", None)
    assert code_list("policy.level").codes["district"].label == "县级"


def test_a_pack_comes_back_from_the_database_as_it_was_shipped():
    for pack in shipped().values():
        assert kept.read_content(kept.write_content(pack)) == dict(pack.versions)


def test_a_row_of_a_taken_pack_is_never_changed():
    taking.pin_beginning()
    with pytest.raises(TypeError):
        TakenPack.objects.first().save()


def test_own_versions_are_exported_as_a_pack_that_another_bureau_takes(tmp_path):
    register_district("341004")
    aid, office = (
        User.objects.create_user(name, role=role, section=section)
        for name, role, section in (("aid", "section", "aid"), ("office", "office", ""))
    )
    with pytest.raises(PolicyError, match="没有什么可导出"):
        exporting.export_local_versions(tmp_path / "yunling")
    for key, first, value in (
        ("aid.preschool", date(2026, 9, 1), 333),
        ("aid.preschool", date(2027, 9, 1), None),
        ("aid.boarder", date(2026, 9, 1), {"primary": 700, "junior": 800}),
        ("health.myopia_vision", date(2026, 9, 1), 5),
    ):
        proposals.approve(
            proposals.propose(key, first, value, "云教〔2026〕1号", office),
            aid if key.startswith("aid") else leader(),
        )
    assert exporting.export_local_versions(tmp_path / "yunling") == 4
    pack = read_pack(tmp_path / "yunling")
    assert (pack.title, pack.division) == ("云岭县的标准", "341004")
    assert [(version.first, version.value) for version in pack.versions["aid.preschool"]] == [
        (date(2026, 9, 1), 33_300),
        (date(2027, 9, 1), None),
    ]
    assert pack.versions["aid.boarder"][0].value == {"primary": 70_000, "junior": 80_000}
    with pytest.raises(PolicyError, match="已经存在"):
        exporting.export_local_versions(tmp_path / "yunling")


def leader():
    user, _ = User.objects.get_or_create(username="leader", defaults={"role": "leader"})
    return user
