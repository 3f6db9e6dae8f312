"""Replacing the keys: every encrypted value is encrypted again and every keyed hash computed again, in one transaction.

The new keys are first written to ``keys.json`` beside the old ones. The transaction also records in the
database which keys it has: so after a kill the next process knows the right ones
(:func:`xuezheng.operations.identity.check_identity`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidTag
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import BinaryField, Model

from xuezheng.core.encryption import seal, unseal
from xuezheng.core.keys import Keys, keys, read_keys_file, write_keys
from xuezheng.linkage.content import CONTENT, content_hash
from xuezheng.linkage.models import Decision, Link, ListRow
from xuezheng.operations import OperationRefused, Progress, no_progress
from xuezheng.operations.identity import check_identity, register_installation
from xuezheng.operations.locks import data_folder_alone
from xuezheng.operations.schema import Form
from xuezheng.operations.start import check_database, older_sentence
from xuezheng.records.bulk import parts
from xuezheng.records.fields import EncryptedField, KeyedHashField, ModelField, keyed_hash

_ROWS_AT_ONCE = 1000


@dataclass
class Counted:
    """How many values were encrypted again, and how many hashes were computed again.

    ``without_rows`` is the number of decisions on rows of outside lists whose rows no longer exist, so that
    their hash could not be computed again.
    """

    values: int = 0
    hashes: int = 0
    #: Decisions on rows of outside lists that are no longer there: no hash can be worked out for them.
    without_rows: int = 0


@dataclass(frozen=True)
class Finding:
    """A column with values that do not match the keys: of ``values`` examined ones, ``wrong`` do not."""

    table: str
    column: str
    wrong: int
    values: int


def encrypted_models() -> dict[
    type[Model], tuple[list[EncryptedField[Any, Any]], list[KeyedHashField[Any, Any]]]
]:
    """Return the models that have encrypted fields.

    The value for each is (its encrypted fields, its fields with keyed hashes of these).
    """
    models = {}
    for model in apps.get_models():
        fields = model._meta.local_concrete_fields
        encrypted = [field for field in fields if isinstance(field, EncryptedField)]
        hashes = [field for field in fields if isinstance(field, KeyedHashField)]
        if encrypted and model._meta.managed and not model._meta.proxy:
            models[model] = (encrypted, hashes)
    return models


def check_keys(samples: int | None = 1000, progress: Progress = no_progress) -> list[Finding]:
    """Decrypt the newest ``samples`` values of each encrypted column (all for None), and compare their keyed hashes.

    Returns the columns with values that do not match the keys; nothing is written. Raises
    :class:`OperationRefused` for a database that is empty or not of this release, ``KeysMissing`` or
    ``KeysDamaged`` for the file of keys.
    """
    _require_current()
    findings = []
    models = encrypted_models()
    for done, (model, (encrypted, hashes)) in enumerate(models.items()):
        progress(f"核对{model._meta.verbose_name}", done, len(models))
        columns = [*encrypted, *hashes]
        wrong, counted = dict.fromkeys(columns, 0), dict.fromkeys(columns, 0)
        for row in _rows(model, columns, samples):
            texts = {}
            for column, stored in zip(encrypted, row[1:], strict=False):
                if stored is None:
                    continue
                counted[column] += 1
                try:
                    texts[column.attname] = unseal(bytes(stored), keys().encryption).decode()
                except (InvalidTag, ValueError):
                    wrong[column] += 1
            for hashed, stored in zip(hashes, row[1 + len(encrypted) :], strict=True):
                if hashed.of in texts:
                    counted[hashed] += 1
                    wrong[hashed] += stored != (keyed_hash(texts[hashed.of]) if texts[hashed.of] else None)
        findings += [
            Finding(model._meta.db_table, column.column, wrong[column], counted[column])
            for column in columns
            if wrong[column]
        ]
    return findings


def rotate_keys(*, sessions: bool = False, progress: Progress = no_progress) -> Counted:
    """Generate new keys for encryption and hashing, and encrypt and hash all values again with them.

    With ``sessions``, the signing key is replaced as well, which ends all sessions. Files waiting in the data
    folder, such as uploads, can be read with the old key for two more days. Raises :class:`OperationRefused`
    where a value cannot be read with the present keys, or other processes use the data: then nothing is
    changed.
    """
    with data_folder_alone():
        _require_current()
        current = read_keys_file()[0]
        following = Keys.generate(current.installation)
        if not sessions:
            following = replace(following, django=current.django)
        write_keys(current, following)
        counted = Counted()
        try:
            with transaction.atomic():
                for done, (model, columns) in enumerate(models := list(encrypted_models().items())):
                    progress(f"重新加密{model._meta.verbose_name}", done, len(models))
                    _rotate_table(model, *columns, current, following, counted)
                _rotate_links(following, counted)
                register_installation(following)
        except (InvalidTag, ValueError, IntegrityError) as error:
            write_keys(current)
            raise OperationRefused(
                "有的加密内容用现有的密钥读不出，没有更换密钥，没有作任何改动。请运行“xuezheng keys check --all”找出它们，从备份恢复后再试。"
            ) from error
        check_identity()  # which puts the new keys in the place of the old
        return counted


def _require_current() -> None:
    database = check_database()
    if database.form is Form.OLDER:
        raise OperationRefused(older_sentence(database))
    if database.form is Form.EMPTY:
        raise OperationRefused("还没有数据，密钥会在第一次启动时生成。")


def _rotate_table(
    model: type[Model],
    encrypted: list[EncryptedField[Any, Any]],
    hashes: list[KeyedHashField[Any, Any]],
    old: Keys,
    new: Keys,
    counted: Counted,
) -> None:
    quote = connection.ops.quote_name
    assigned = ", ".join(f"{quote(field.column)} = %s" for field in (*encrypted, *hashes))
    statement = (
        f"UPDATE {quote(model._meta.db_table)} SET {assigned} WHERE {quote(model._meta.pk.column)} = %s"  # noqa: S608
    )
    for part in parts(_rows(model, [*encrypted, *hashes], None), _ROWS_AT_ONCE):
        updates = []
        for key, *stored in part:
            texts = {
                column.attname: None if value is None else unseal(bytes(value), old.encryption).decode()
                for column, value in zip(encrypted, stored, strict=False)
            }
            values = [_encrypt(texts[field.attname], new) for field in encrypted]
            hashed = [
                keyed_hash(text, new.hashing) if (text := texts[field.of]) else None for field in hashes
            ]
            counted.values += sum(value is not None for value in values)
            counted.hashes += sum(value is not None for value in hashed)
            updates.append([*values, *hashed, key])
        with connection.cursor() as cursor:
            cursor.executemany(statement, updates)


def _encrypt(text: str | None, new: Keys) -> Any:
    return (
        None
        if text is None
        else BinaryField().get_db_prep_value(seal(text.encode(), new.encryption), connection)
    )


def _rotate_links(new: Keys, counted: Counted) -> None:
    """Compute again the content hashes of rows of outside lists, in the links and the decisions on them."""
    later: dict[str, str] = {}
    rows = _list_rows(new)
    links = dict(Link.objects.values_list("row_id", "content_hash"))
    for key, values in rows:
        before = (links.get(key) if key else None) or content_hash(values)
        later[before] = content_hash(values, new.hashing)
    for link in Link.objects.only("pk", "content_hash").iterator():
        if link.content_hash in later:
            Link.objects.filter(pk=link.pk).update(content_hash=later[link.content_hash])
            counted.hashes += 1
    for decision in Decision.objects.only("pk", "content_hash"):
        if decision.content_hash in later:
            Decision.objects.filter(pk=decision.pk).update(content_hash=later[decision.content_hash])
            counted.hashes += 1
        else:
            counted.without_rows += 1


def _list_rows(new: Keys) -> Iterator[tuple[int | None, dict[str, Any]]]:
    """Yield the contents of rows of outside lists, past and present, decrypted with the new key; the id is None for past ones."""
    for model, key in ((ListRow.history.model, None), (ListRow, "pk")):
        names = [name for name in CONTENT if name != "id_number"]
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            key_column, table = quote(model._meta.pk.column), quote(model._meta.db_table)
            cursor.execute(f"SELECT {key_column}, id_number FROM {table}")  # noqa: S608 - names of models
            numbers = {
                row: None if stored is None else unseal(bytes(stored), new.encryption).decode()
                for row, stored in cursor.fetchall()
            }
        for row in model.objects.values("pk", *names):
            yield (row["pk"] if key else None), {**row, "id_number": numbers[row["pk"]]}


def _rows(model: type[Model], columns: Sequence[ModelField], newest: int | None) -> list[tuple[Any, ...]]:
    """Return the key and some columns of a table's rows as stored, by key; only the ``newest`` so many, if given."""
    quote = connection.ops.quote_name
    key = quote(model._meta.pk.column)
    named = ", ".join([key, *(quote(column.column) for column in columns)])
    limit = f" DESC LIMIT {newest:d}" if newest else ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {named} FROM {quote(model._meta.db_table)} ORDER BY {key}{limit}")  # noqa: S608 - names of models
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
