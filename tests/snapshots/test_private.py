"""No name, ID number, birth date or address of a person is in a snapshot."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from xuezheng.records.fields import EncryptedField, KeyedHashField, keyed_hash
from xuezheng.records.models import registers
from xuezheng.rules.tables import base_columns


@pytest.fixture
def canaries(small):
    """What the small district's workbooks tell of persons."""
    pupils, awards, candidates = (small[title] for title in ("学生名册", "资助发放名单", "高考报名册"))
    names = {row[2] for row in pupils} | {row[0] for row in (*awards, *candidates)}
    numbers = {row[6] for row in pupils} | {row[1] for row in (*awards, *candidates)}
    schools_away = {row[5] for row in awards if not row[7]}
    assert len(names) > 60
    return names | numbers | {number[6:14] for number in numbers} | schools_away


def strings(value):
    if isinstance(value, dict):
        for key, below in value.items():
            yield from (key, *strings(below))
    elif isinstance(value, list):
        for below in value:
            yield from strings(below)
    elif isinstance(value, str):
        yield value


def test_no_column_holds_anything_told_of_a_person(snapshot, canaries):
    held = set()
    for name in snapshot.tables:
        table = pq.read_table(snapshot.folder / f"{name}.parquet")
        for column in table.columns:
            if pa.types.is_string(column.type) or pa.types.is_date(column.type):
                held |= {str(value) for value in column.unique().to_pylist()}
    assert "云岭学校" in held
    assert not {(value, canary) for value in held for canary in canaries if canary in value}


def test_no_column_holds_a_birth_date_or_a_hash_of_a_number(snapshot, small):
    born = {row[4] for row in small["学生名册"]}
    hashes = {keyed_hash(row[6]) for row in small["学生名册"]}
    for name in snapshot.tables:
        for column in pq.read_table(snapshot.folder / f"{name}.parquet").columns:
            held = {str(value) for value in column.unique().to_pylist()}
            assert not held & born
            assert not held & hashes


def test_neither_the_bytes_of_a_file_nor_the_manifest_hold_any_of_it(snapshot, canaries):
    for path in snapshot.folder.iterdir():
        content = path.read_bytes()
        assert not [canary for canary in canaries if canary.encode() in content], path.name
    held = set(strings(snapshot.manifest))
    assert not {(text, canary) for text in held for canary in canaries if canary in text}


@pytest.mark.parametrize("name", registers())
def test_no_private_and_no_encrypted_field_is_frozen(name):
    model = registers()[name]
    for column in base_columns(model):
        if not isinstance(column.source, str):
            continue
        owner = model
        for step in column.source.split("__"):
            field = owner._meta.get_field(step)
            assert step not in getattr(owner, "private", ())
            assert not isinstance(field, EncryptedField | KeyedHashField)
            owner = field.related_model
