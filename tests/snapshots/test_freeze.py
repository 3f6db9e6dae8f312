"""Freezing: what the registers hold, typed as the models say, with a manifest of all of it."""

from datetime import date

import pyarrow.parquet as pq
import pytest

from xuezheng import __version__
from xuezheng.areas.aid.models import Award
from xuezheng.intake import import_workbook
from xuezheng.policy.current import entries
from xuezheng.records.models import District, Person, PersonCategory, Term, registers
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import schema
from xuezheng.snapshots import FreezeRefused, Snapshot, freeze, source
from xuezheng.snapshots.snapshot import sha256, snapshots_folder

DAY = date(2019, 7, 5)


def person(citizen, order=1):
    return Person.objects.create(
        name=f"某{order}", id_number=citizen(order), sex="male", birth_date=date(2010, 3, 1)
    )


def award(person, term, **fields):
    usual = {"programme": "registered_poor", "stage": "primary", "boarding": "day", "school_name": "某校"}
    return Award.objects.create(
        person=person, term=term, study_division="349900", amount=50_000, **{**usual, **fields}
    )


def test_the_manifest_tells_everything(snapshot):
    manifest = snapshot.manifest
    assert manifest["day"] == "2020-01-20"
    assert manifest["district"] == {"code": "349900", "name": "云岭区", "bureau_name": "云岭区教育局"}
    assert manifest["code_version"] == __version__
    assert set(snapshot.tables) == set(registers())
    for name, model in registers().items():
        table = manifest["tables"][name]
        path = snapshot.folder / table["file"]
        assert table["sha256"] == sha256(path)
        assert table["rows"] == pq.read_metadata(path).num_rows
        columns = [column["name"] for column in table["columns"]]
        assert columns == schema(model).names + [rule.name for rule in rule_columns(name)]
        assert columns == pq.read_schema(path).names
    assert {path.name for path in snapshot.folder.iterdir()} == {
        "manifest.json", "frozen_at", *(table["file"] for table in manifest["tables"].values()),
    }  # fmt: skip


def test_rows_lie_in_the_order_of_their_ids_whatever_their_rules_look_at(snapshot):
    assert snapshot.manifest["tables"]["enrolmentevent"]["rows"] > 1  # its rules look at other rows
    for table in snapshot.manifest["tables"].values():
        ids = pq.read_table(snapshot.folder / table["file"], columns=["id"])["id"].to_pylist()
        assert ids == sorted(ids), table["file"]


def test_every_policy_that_a_rule_read_is_in_the_manifest_as_it_stood(snapshot):
    read = {
        key
        for table in snapshot.manifest["tables"].values()
        for c in table["columns"]
        for key in c["policies"]
    }
    assert set(snapshot.policies) == read
    assert "aid.listed_rate" in read
    for key, told in snapshot.policies.items():
        area, name = key.split(".")
        entry = entries(area)[name]
        assert (told["title"], told["unit"], told["source"]) == (entry.title, entry.unit, entry.source)
        assert len(told["values"]) == len(entry.values)


def test_every_column_has_a_chinese_label_and_rules_tell_what_they_read(snapshot):
    for table in snapshot.tables:
        for column in snapshot.columns(table).values():
            assert any("\u4e00" <= sign <= "\u9fff" for sign in column.label), column
    due = snapshot.columns("aid_award")["boarder_due"]
    assert due.money
    assert due.policies == ("aid.boarder", "aid.living_stage")
    assert {"standard", "term_start", "stage"} <= set(due.reads)


def test_rules_are_worked_out_by_each_rows_own_day(snapshot):
    awards = snapshot.table("aid_award").to_pyarrow().to_pylist()
    poor = [
        (a["term_code"], a["stage"], a["boarding"], a["due"])
        for a in awards
        if a["programme"] == "registered_poor"
    ]
    assert ("2019春", "primary", "day", 50_000) in poor
    assert ("2019秋", "primary", "day", 25_000) in poor
    assert ("2019秋", "junior", "day", 31_250) in poor


def test_empty_registers_freeze_with_the_types_of_their_models(bare):
    empty = freeze(DAY)
    for name, model in registers().items():
        found = pq.read_schema(empty.folder / f"{name}.parquet")
        for field in schema(model):
            assert found.field(field.name).type == field.type, (name, field.name)
        assert empty.table(name).count().execute() == model.objects.count()


def test_the_types_are_the_same_with_and_without_rows(snapshot, bare):
    empty = freeze(DAY)
    for name in empty.tables:
        kinds = [{c.name: c.type for c in snap.columns(name).values()} for snap in (empty, snapshot)]
        assert kinds[0] == kinds[1]


def test_equal_registers_freeze_to_one_snapshot(bare):
    first = freeze(DAY)
    assert freeze(DAY).id == first.id
    assert [path.name for path in snapshots_folder().iterdir()] == [first.id]


def test_registers_put_back_as_they_were_make_the_older_snapshot_the_latest(bare):
    first = freeze(DAY)
    Term.objects.update(ends_on=date(2019, 7, 6))
    second = freeze(DAY)
    assert Snapshot.latest().id == second.id != first.id
    Term.objects.update(ends_on=date(2019, 7, 5))
    assert freeze(DAY).id == first.id == Snapshot.latest().id


def test_another_day_or_another_cell_is_another_snapshot(bare):
    first = freeze(DAY)
    assert freeze(date(2019, 7, 6)).id.startswith("2019-07-06-")
    Term.objects.update(ends_on=date(2019, 7, 6))
    assert freeze(DAY).id != first.id
    assert first.table("term").ends_on.to_pyarrow().to_pylist() == [date(2019, 7, 5)]


def test_a_frozen_file_cannot_be_written(bare):
    for path in freeze(DAY).folder.iterdir():
        assert path.name == "frozen_at" or path.stat().st_mode & 0o222 == 0


def test_without_a_district_there_is_nothing_to_freeze(transactional_db, home):
    with pytest.raises(FreezeRefused, match="还没有登记本地信息。请先导入“本地信息”表。"):
        freeze(DAY)


def test_a_rule_without_a_value_stops_the_freeze_and_names_the_rows(bare, citizen, small, workbook):
    number = citizen(1)
    rows = [["某一", number, "建档立卡学生资助", code, "小学", "某校", "349900", "", "走读", "", "500", ""] for code in ("2019春", "2015秋")]  # fmt: skip
    import_workbook(
        workbook({"学期": [["2015秋", "2015-09-01", "2016-01-20"]], "资助发放名单": rows}, "早年.xlsx")
    )
    early = Award.objects.get(term__code="2015秋")
    with pytest.raises(FreezeRefused) as raised:
        freeze(DAY)
    told = str(raised.value)
    assert told.startswith("“资助”有1行算不出“应发金额”，不能生成快照：")
    assert f"编号{early.pk}（来自早年.xlsx“资助发放名单”第3行）" in told
    assert "请核对这些行所填的内容，或补充相应的政策标准。" in told
    assert list(snapshots_folder().iterdir()) == []


def test_many_rows_without_a_value_are_counted_and_the_first_named(bare, citizen):
    early = Term.objects.create(code="2015秋", starts_on=date(2015, 9, 1), ends_on=date(2016, 1, 20))
    keys = [award(person(citizen, order), early).pk for order in range(1, 13)]
    with pytest.raises(FreezeRefused) as raised:
        freeze(DAY)
    told = str(raised.value)
    assert "有12行算不出" in told
    assert f"编号{keys[9]}等。" in told
    assert f"编号{keys[10]}" not in told


def test_a_column_whose_first_rows_are_all_empty_keeps_its_type(bare, citizen, monkeypatch):
    monkeypatch.setattr(source, "_ROWS_AT_ONCE", 4)
    someone = person(citizen)
    days = [None] * 9 + [date(2019, 4, 1), None, date(2019, 5, 1)]
    for order, day in enumerate(days, start=1):
        PersonCategory.objects.create(
            person=someone, category="other", starts_on=date(2018, 1, order), ends_on=day
        )
    frozen = freeze(DAY).table("personcategory").order_by("id").to_pyarrow()
    assert frozen["ends_on"].to_pylist() == days


def test_what_is_not_committed_is_not_frozen(bare, citizen):
    from django.db import connection, transaction

    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one write at a time: a reader waits for the writer")
    with transaction.atomic():
        person(citizen)
        assert freeze(DAY).table("person").count().execute() == 0
        transaction.set_rollback(True)


def test_the_draft_of_a_freeze_that_failed_is_removed(bare, monkeypatch):
    class Stopped(Exception):
        pass

    def stop(text, done, whole):
        if done == whole // 2:
            raise Stopped

    with pytest.raises(Stopped):
        freeze(DAY, progress=stop)
    assert list(snapshots_folder().iterdir()) == []
    assert District.objects.exists()


def test_the_newest_snapshot_is_the_latest_whatever_its_day(bare):
    freeze(date(2020, 1, 1))
    older_day = freeze(DAY)
    assert Snapshot.latest().id == older_day.id
