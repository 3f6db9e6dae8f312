"""New keys take the place of the old: everything is read, found and recognised as before."""

import base64
import json

import pytest

pytestmark = pytest.mark.database

READ = (
    "import django; django.setup(); import json; from xuezheng.records.models import Person, Pupil; "
    "from xuezheng.linkage.models import Link, ListRow; from xuezheng.linkage.content import CONTENT, content_hash; "
    "from xuezheng.records.fields import keyed_hash; "
    "people = list(Person.objects.order_by('pk').values_list('id_number', flat=True)); "
    "pupils = list(Pupil.objects.order_by('pk').values_list('student_number', flat=True)); "
    "assert all(Person.objects.get(id_number_hash=keyed_hash(it)).id_number == it for it in people); "
    "assert all(link.content_hash == content_hash({n: getattr(link.row, n) for n in CONTENT}) for link in Link.objects.all()); "
    "assert Link.objects.exists(); print(json.dumps([people, pupils]))"
)


def test_everything_is_encrypted_and_hashed_anew_and_read_as_before(installed, answers):
    before, path = installed.python(READ), installed.home / "keys.json"
    old = json.loads(path.read_text())
    sealed = _sealed(installed)
    assert "已更换密钥" in installed.must("keys", "rotate")
    new = json.loads(path.read_text())
    assert new["encryption"] != old["encryption"]
    assert new["hashing"] != old["hashing"]
    assert (new["django"], new["installation"]) == (old["django"], old["installation"])
    assert new["previous"] == old["encryption"]
    assert "next" not in new
    assert installed.python(READ) == before
    assert "密钥完好" in installed.must("keys", "check", "--all")
    assert not sealed & _sealed(installed)
    assert installed.figures() == answers["figures"]
    assert "已更换密钥" in installed.must("keys", "rotate", "--sessions")
    assert json.loads(path.read_text())["django"] != old["django"]
    assert installed.python(READ) == before


def _sealed(installed):
    printed = installed.python(
        "import django; django.setup(); import json; from django.db import connection; c = connection.cursor(); "
        "c.execute('SELECT id_number FROM records_person'); a = c.fetchall(); "
        "c.execute('SELECT id_number FROM records_historicalperson'); "
        "print(json.dumps([bytes(x).hex() for x, in a + c.fetchall()]))"
    )
    return set(json.loads(printed))


def test_supporting_documents_are_encrypted_anew_and_read_as_before(installed):
    content = "content = b'%PDF-' + bytes(range(256)) * 400"
    begin = f"import django; django.setup(); from xuezheng.records.models import Person, SupportingDocument, User; {content}; "
    keep = "SupportingDocument.keep(Person.objects.first(), '甲.pdf', content, '', User.objects.first())"
    installed.python(begin + keep)
    installed.must("keys", "rotate")
    read = "document = SupportingDocument.objects.get(); print(document.content() == content, document.parts.count())"
    assert installed.python(begin + read) == "True 3"
    assert "密钥完好" in installed.must("keys", "check", "--all")


def test_what_waits_sealed_with_the_old_key_is_read_for_two_days(installed):
    seal = "from xuezheng.core.encryption import seal_text; import django; django.setup(); print(seal_text('x', 1))"
    text = installed.python(seal)
    read = f"from xuezheng.core.encryption import unseal_text; print(unseal_text('x', '{text}'))"
    installed.must("keys", "rotate")
    assert installed.python(read) == "1"
    path = installed.home / "keys.json"
    values = json.loads(path.read_text())
    path.write_text(json.dumps({**values, "previous_until": "2020-01-01T00:00:00+00:00"}))
    assert installed.python(read) == "None"


def test_a_value_that_cannot_be_read_stops_the_rotation_and_is_found_by_the_check(installed):
    keys = (installed.home / "keys.json").read_bytes()
    placeholder = base64.b64encode(b"0" * 60).decode()
    installed.python(
        "import django, base64; django.setup(); from django.db import connection; "
        f"connection.cursor().execute('UPDATE records_person SET id_number = %s WHERE id = (SELECT max(id) FROM records_person)', [base64.b64decode('{placeholder}')])"
    )
    state = installed.state()
    assert "没有更换密钥，没有作任何改动" in installed.refused("keys", "rotate")
    assert (installed.home / "keys.json").read_bytes() == keys
    assert installed.state() == state
    [finding] = json.loads(installed.run("keys", "check", "--json").stdout)
    assert (finding["table"], finding["column"], finding["wrong"]) == ("records_person", "id_number", 1)


def test_a_rotation_killed_after_the_database_had_its_keys_is_finished_by_who_comes_next(installed):
    before, path = installed.python(READ), installed.home / "keys.json"
    old = json.loads(path.read_text())
    installed.must("keys", "rotate")
    new = json.loads(path.read_text())
    for name in ("previous", "previous_until"):
        new.pop(name)
    # As it is on the disk between the commit of the database and the exchange of the file.
    path.write_text(json.dumps({**old, "next": new}))
    assert "2019" in installed.must("freeze", "--day", "2019-07-05")
    assert json.loads(path.read_text())["encryption"] == new["encryption"]
    assert installed.python(READ) == before
