"""Plants damages in copies of a sound installation and tells what the doctor finds of each.

Run as ``python -m tests.operations.damages SOUND OUT`` with ``XUEZHENG_HOME`` where the copies are to lie, one after the other: the
program is loaded once, and a child examines each.
"""

import json
import os
import shutil
import sqlite3
import sys
import time
from contextlib import closing, redirect_stdout
from pathlib import Path


def sql(*statements):
    """A damage done to the database file by other means than the program's."""

    def damage(home):
        with closing(sqlite3.connect(home / "xuezheng.sqlite3")) as database:
            database.execute("PRAGMA foreign_keys=OFF")
            for statement in statements:
                assert database.execute(statement).rowcount != 0, statement
            database.commit()

    return damage


def on_file(pattern, change):
    def damage(home):
        path = next(path for path in sorted(home.glob(pattern)) if path.is_file() or path.is_dir())
        change(path)

    return damage


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)


def spoil_pages(path):
    content = bytearray(path.read_bytes())
    size = 4096
    for page in range(60, 90):
        content[page * size : page * size + 512] = b"\xff" * 512
    path.write_bytes(content)


def exchange_keys(path):
    keys = json.loads(path.read_text())
    keys["encryption"], keys["hashing"] = keys["hashing"], keys["encryption"]
    path.write_text(json.dumps(keys))


def freeze_the_future(path):
    """A snapshot of 2099, whole by itself, as an earlier release would have made it."""
    from xuezheng.snapshots.snapshot import MANIFEST, digest_of, name_of

    manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8")) | {"day": "2099-01-01"}
    manifest["sha256"] = digest_of(manifest)
    later = path.parent / name_of(manifest)
    shutil.copytree(path, later)
    (later / MANIFEST).chmod(0o600)
    (later / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def leave_a_draft(path):
    draft = path / ".draft-abc"
    draft.mkdir(mode=0o700)
    old = time.time() - 9 * 86400
    os.utime(draft, (old, old))


#: Whether there are rows, said the other way round in every answer: the doctor looks at some of them only.
TURN_ANSWERS = """
UPDATE answer SET answer = CASE
    WHEN answer LIKE '%true]' THEN substr(answer, 1, length(answer) - 5) || 'false]'
    ELSE substr(answer, 1, length(answer) - 6) || 'true]'
END
"""


def alter_stored_answers(home):
    """Answers of figures that another program has changed."""
    pid = os.fork()  # what is computed here must not stay in the memory of those who examine
    if pid == 0:
        from xuezheng.core.periods import Period
        from xuezheng.figures import catalogue
        from xuezheng.figures.batches import prepare
        from xuezheng.snapshots import freeze

        try:
            snapshot = freeze()
            figures = catalogue.figures().values()
            prepare(snapshot, Period.half_year_of(snapshot.day), ((figure, ()) for figure in figures))
        except Exception:
            os._exit(1)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    for path in (home / "answers").glob("*.sqlite"):
        with closing(sqlite3.connect(path)) as file:
            file.execute(TURN_ANSWERS)
            file.commit()


DAMAGES = {
    "keys lost": (on_file("keys.json", lambda path: path.unlink()), "密钥：", "keys.json"),
    "keys of another installation": (on_file("keys.json", exchange_keys), "密钥：", "不是这个数据库的密钥"),
    "an encrypted value spoilt": (sql("UPDATE records_person SET id_number = zeroblob(46) WHERE id = 3"), "密钥：", "与密钥不符"),
    "a hash spoilt": (sql("UPDATE records_person SET id_number_hash = 'x' WHERE id = 3"), "密钥：", "与密钥不符"),
    "a table dropped": (sql("DROP TABLE plans_target"), "数据库结构：", "缺少数据表plans_target"),
    "a column dropped": (sql("ALTER TABLE records_district DROP COLUMN bureau_name"), "数据库结构：", "缺少列"),
    "a unique condition dropped": (sql("DROP INDEX one_live_payment_an_award"), "数据库结构：", "one_live_payment_an_award"),
    "newer code": (sql("INSERT INTO django_migrations (app, name, applied) VALUES ('records', '9999_later', '2030-01-01')"), "数据库结构：", "更新的版本"),
    "pages spoilt": (on_file("xuezheng.sqlite3", spoil_pages), "数据库完整性：", "从备份恢复"),
    "a reference to nothing": (sql("UPDATE records_pupil SET class_group_id = 99999 WHERE id = 2"), "数据库完整性：", "指向不存在的"),
    "a person deleted": (sql("DELETE FROM records_person WHERE id = 4"), "数据库完整性：", "指向不存在的"),
    "payments multiplied by ten": (sql("UPDATE aid_payment SET amount = amount * 10"), "校验链：", "支付办理记录"),
    "a payment and its award multiplied": (sql("UPDATE aid_payment SET amount = amount * 10", "UPDATE aid_award SET amount = amount * 10"), "校验链：", "被改动"),
    "a payment paid by hand": (sql("UPDATE aid_payment SET state = 'recovered'"), "资助发放：", "与办理记录不符"),
    "a list approved by its maker": (sql("PRAGMA ignore_check_constraints=1", "UPDATE aid_paymentlist SET approved_by_id = proposed_by_id"), "资助发放：", "没有由另一人审批"),
    "a budget cut below what is bound": (sql("UPDATE aid_budget SET amount = 1"), "资助发放：", "指标"),
    "the scan of a policy exchanged": (sql("UPDATE policy_versionscan SET content = zeroblob(9)"), "政策标准：", "与上传时不同"),
    "steps deleted": (sql("DELETE FROM aid_step"), "校验链：", "被删除"),
    "a step rewritten": (sql("UPDATE aid_step SET note = '另有说明' WHERE id = (SELECT MIN(id) FROM aid_step)"), "校验链：", "支付办理记录"),
    "a step put in": (sql("INSERT INTO aid_step (payment_id, before, after, by_id, at, note) SELECT payment_id, before, after, by_id, at, '' FROM aid_step LIMIT 1"), "校验链：", "不是由本系统写下的"),
    "access log deleted": (sql("DELETE FROM records_seen", "DELETE FROM records_look"), "校验链：", "“查阅记录”有3行被删除"),
    "access log rewritten": (sql("UPDATE records_look SET machine = '10.0.0.9' WHERE id = (SELECT MAX(id) FROM records_look)"), "校验链：", "“查阅记录”有1行被改动"),
    "who was seen rewritten": (sql("UPDATE records_seen SET person = 7 WHERE id = (SELECT MAX(id) FROM records_seen)"), "校验链：", "“查阅记录”有1行被改动"),
    "changes of accounts deleted": (sql("DELETE FROM records_accountchange"), "校验链：", "“账号变动”"),
    "a link rewritten": (sql("UPDATE records_chainlink SET rows = '[]' WHERE number = 2"), "校验链：", "断开"),
    "a link taken out": (sql("DELETE FROM records_chainlink WHERE number = 2"), "校验链：", "断开"),
    "the end of the chain cut off": (sql("DELETE FROM records_seen", "DELETE FROM records_look", "DELETE FROM records_chainlink WHERE number = (SELECT MAX(number) FROM records_chainlink)"), "锚点：", "没有这一环"),
    "an issued report put back": (sql("UPDATE releases_release SET issued_at = '2020-01-01'"), "校验链：", "“印发的报告”有1行被改动"),
    "the file of a report changed": (on_file("releases/*.docx", flip), "签发的报告：", "校验值不符"),
    "the file of a report gone": (on_file("releases/*.docx", lambda path: path.unlink()), "签发的报告：", "不在"),
    "stored answers changed": (alter_stored_answers, "算好的指标：", "与重新计算的不一致"),
    "a snapshot gone": (on_file("snapshots/20*", shutil.rmtree), "快照：", "不见了"),
    "a manifest gone": (on_file("snapshots/20*/manifest.json", lambda path: path.unlink()), "快照：", "不见了"),
    "a byte of a snapshot changed": (on_file("snapshots/20*/aid_award.parquet", flip), "快照：", "被改动过"),
    "a snapshot of 2099": (on_file("snapshots/20*", freeze_the_future), "快照：", "还没有到"),
    "a batch's counts changed": (sql("UPDATE records_batch SET sheets = replace(sheets, '\"submitted\": ', '\"submitted\": 1')"), "导入批次：", "合计"),
    "a draft left": (on_file("snapshots", leave_a_draft), "残留文件：", ".draft-abc"),
    "open to everybody": (on_file("keys.json", lambda path: path.chmod(0o777)), "数据文件夹：", "keys.json的权限是777"),
    "the database open to others": (on_file("xuezheng.sqlite3", lambda path: path.chmod(0o644)), "数据文件夹：", "权限是644"),
    "the clock": (sql("UPDATE records_batch SET made_at = '2099-01-01 00:00:00'"), "时钟：", "校准"),
}  # fmt: skip


def main(sound, out):
    """Examine each damage; write the sentences of what was found, by the name of the damage."""
    import django

    django.setup()
    from xuezheng.cli import main as command
    from xuezheng.cli.operations import doctor  # noqa: F401 - loaded once, for every child
    from xuezheng.operations.doctor.check import doctor_checks
    from xuezheng.records.models.chain import chained_rows

    doctor_checks()
    chained_rows()
    home = Path(os.environ["XUEZHENG_HOME"])
    findings = {}
    for name, (damage, *_) in DAMAGES.items():
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(sound, home, symlinks=True)
        damage(home)
        answer = home.parent / "answer.json"
        pid = os.fork()
        if pid == 0:
            with answer.open("w", encoding="utf-8") as file, redirect_stdout(file):
                status = command(["doctor", "--json"])
            os._exit(status)
        _, status = os.waitpid(pid, 0)
        outcomes = json.loads(answer.read_text(encoding="utf-8"))
        findings[name] = [f"{each['check']}：{message}" for each in outcomes for message in each["findings"]]
        assert os.waitstatus_to_exitcode(status) == 1 or not findings[name], name
    out.write_text(json.dumps(findings, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
