"""Kills an import or an undo with ``kill -9``, at a named point or at any moment, and tells what is left.

A process that never touches the database itself lets children do it: one works and is killed, the next one looks, hands
the same file in again, undoes it and sweeps. The points are functions of the program, wrapped here: the program knows
nothing of them. ``at_points`` and ``at_random`` yield, for each kill, a :class:`Seen`.
"""

import functools
import json
import os
import pkgutil
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

IMPORTS = "xuezheng.intake"
RECEIVE, COMMIT, UNDO = "receive", "commit", "undo"
_NAME = "改.xlsx"
#: The headings of a school's own roster where they differ from the template's.
_OTHER_WORDS = {
    "姓名": "学生姓名",
    "身份证件号": "身份证号码",
    "班级名称": "班级",
    "学校标识码": "学校代码",
    "入学日期": "入学时间",
}


@dataclass(frozen=True)
class Point:
    """Where the work is killed: before or after the so-many-th call of a function, in one of its phases.

    A function of Python's own library is counted only ``within`` one of ours: how often the library calls it on other
    occasions differs from version to version.
    """

    title: str
    phase: str
    function: str
    when: str = "after"
    call: int = 1
    quick: bool = False
    within: str = ""


POINTS = {
    "received": Point("收到文件，还没有写下", RECEIVE, f"{IMPORTS}.uploads:write_whole", "before"),
    "sealed": Point("写下加密的文件之后", RECEIVE, f"{IMPORTS}.uploads:write_whole", quick=True),
    "kept": Point("收下、还没有预览", RECEIVE, f"{IMPORTS}.uploads:Upload.keep", quick=True),
    "laid_open": Point("为读取而解开之后", RECEIVE, f"{IMPORTS}.uploads:write_whole", call=3),
    "previewed_read": Point("预览：读完文件之后", RECEIVE, f"{IMPORTS}.importing:read_workbook"),
    "previewed_written": Point("预览：试写第一张表之后、撤回之前", RECEIVE, f"{IMPORTS}.importing:save"),
    "rows_kept": Point("写下预览的行、没有写摘要", RECEIVE, f"{IMPORTS}.uploads:write_whole", call=4),
    "summary_unnamed": Point("摘要写到临时名、没有改名", RECEIVE, "pathlib:Path.replace", "before", 5),
    "summary_kept": Point("写下摘要之后", RECEIVE, f"{IMPORTS}.uploads:write_whole", call=5),
    "rows_written": Point("预览：撤回之后、写下行之前", RECEIVE, f"{IMPORTS}.preview_summary:_pages", "before", 2),
    "unclaimed": Point("提交：认领之前", COMMIT, f"{IMPORTS}.uploads:Upload._claim", "before"),
    "claimed": Point("提交：认领之后", COMMIT, f"{IMPORTS}.uploads:Upload._claim", quick=True),
    "opened": Point("提交：解开文件之后", COMMIT, f"{IMPORTS}.uploads:write_whole"),
    "read": Point("读完文件之后", COMMIT, f"{IMPORTS}.importing:read_workbook", quick=True),
    "locked": Point("开始事务、取得锁之后", COMMIT, f"{IMPORTS}.importing:wait_for_other_imports"),
    "matched": Point("比对第一张表之后", COMMIT, f"{IMPORTS}.matching:Matcher.match", quick=True),
    "unwritten": Point("第一次写台账之前", COMMIT, f"{IMPORTS}.importing:save", "before"),
    "unnoted": Point("写了台账、没有写更改记录", COMMIT, f"{IMPORTS}.saving:_note", "before", quick=True),
    "noted": Point("写了更改记录之后", COMMIT, f"{IMPORTS}.saving:_note"),
    "written": Point("写完第一张表之后", COMMIT, f"{IMPORTS}.importing:save", quick=True),
    "matched_second": Point("比对第二张表之后", COMMIT, f"{IMPORTS}.matching:Matcher.match", call=2),
    "persons_written": Point("写完第二张表的人员、没有写学生", COMMIT, f"{IMPORTS}.importing:save", call=2, quick=True),
    "added_not_changed": Point("新增的写了、修改的没有写", COMMIT, f"{IMPORTS}.saving:rewrite", "before"),
    "changed_unnoted": Point("修改的写了、没有写更改记录", COMMIT, f"{IMPORTS}.saving:_note", "before", 5),
    "all_written": Point("全部行写完之后", COMMIT, f"{IMPORTS}.importing:save", call=3),
    "batch_open": Point("批次的行数没有写", COMMIT, f"{IMPORTS}.importing:WorkbookImport.close", "before", quick=True),
    "unreported": Point("批次写了、任务没有记为已报", COMMIT, "xuezheng.collections.collecting:report", "before", quick=True),
    "reported": Point("任务记为已报之后", COMMIT, "xuezheng.collections.collecting:report"),
    "uncommitted": Point("提交事务之前", COMMIT, "django.db.backends.base.base:BaseDatabaseWrapper._commit", "before", quick=True),
    "committed": Point("提交事务之后", COMMIT, "django.db.backends.base.base:BaseDatabaseWrapper._commit", quick=True),
    "upload_left": Point("已提交、上传的文件没有删", COMMIT, f"{IMPORTS}.uploads:_remove", "before", quick=True),
    "upload_half_left": Point("上传的文件删了一半", COMMIT, "os:unlink", within=f"{IMPORTS}.uploads:_remove", quick=True),
    "undo_locked": Point("撤销：取得锁之后", UNDO, f"{IMPORTS}.undo:wait_for_other_imports"),
    "undo_marked": Point("撤销：批次标为已撤销之后", UNDO, f"{IMPORTS}.undo:_claimed", quick=True),
    "undo_traced": Point("撤销：读完更改记录之后", UNDO, f"{IMPORTS}.undo:traces_of"),
    "undo_noted": Point("撤销：记了删除、没有删", UNDO, f"{IMPORTS}.saving:_note", quick=True),
    "undo_removed": Point("撤销：删了第一个台账的新增行", UNDO, f"{IMPORTS}.undo:remove", quick=True),
    "undo_all_removed": Point("撤销：新增的全删了、修改的没有恢复", UNDO, f"{IMPORTS}.undo:rewrite", "before"),
    "undo_restored": Point("撤销：修改的恢复之后", UNDO, f"{IMPORTS}.undo:rewrite"),
    "undo_uncommitted": Point("撤销：提交事务之前", UNDO, "django.db.backends.base.base:BaseDatabaseWrapper._commit", "before"),
    "undo_committed": Point("撤销：提交事务之后", UNDO, "django.db.backends.base.base:BaseDatabaseWrapper._commit", quick=True),
}  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What the process after a kill saw.

    ``killed``: whether the work was killed or came to its end first; ``state``: whether the registers, their history, the
    batches and the report of the school were then as ``before`` the work, as ``after`` it, or ``neither``; ``again``: whether the
    same file then came in, and its undo led back; ``left``: files that no sweep removed.
    """

    name: str
    killed: bool
    state: str
    again: bool
    left: list[str]


class Kills:
    """A small district of its own, in the data folder and database of the environment, where imports are killed.

    With ``mapped`` the roster has another layout, whose mapping was confirmed before.
    """

    def __init__(self, folder: Path, mapped: bool = False) -> None:
        self.path = folder / _NAME
        self.scratch = folder / "scratch"
        self.scratch.mkdir()
        tempfile.tempdir = str(self.scratch)
        in_a_child(prepare, folder)
        if mapped:
            in_a_child(_change_layout, self.path)
        self.before = in_a_child(told)
        in_a_child(_import, self.path)
        self.after = in_a_child(told)
        in_a_child(take_back)
        start = time.monotonic()
        in_a_child(_import, self.path)
        self.seconds = {COMMIT: time.monotonic() - start}
        start = time.monotonic()
        in_a_child(take_back)
        self.seconds[UNDO] = time.monotonic() - start

    def at_points(self, names: Iterable[str]) -> Iterator[Seen]:
        """Kill once at each of the named points."""
        for name in names:
            point = POINTS[name]
            if point.phase == UNDO:
                in_a_child(_take_in, self.path)
            work = take_back if point.phase == UNDO else _import
            killed = _killed(start(work, *([] if point.phase == UNDO else [self.path]), point=point))
            yield self._seen(name, killed, point.phase == UNDO)

    def at_random(self, times: int, chance: random.Random) -> Iterator[Seen]:
        """Kill so many times, after a random share of the time that the work takes; every third time an undo."""
        for number in range(times):
            undoing = number % 3 == 2
            if undoing:
                in_a_child(_take_in, self.path)
            pid = start(take_back) if undoing else start(_import, self.path)
            time.sleep(chance.random() * self.seconds[UNDO if undoing else COMMIT])
            os.kill(pid, signal.SIGKILL)
            yield self._seen(f"random {number}", _killed(pid), undoing)

    def _seen(self, name: str, killed: bool, undoing: bool) -> Seen:
        states = {"before": self.before, "after": self.after}
        seen = in_a_child(told)
        state = next((word for word, it in states.items() if _same(it, seen)), "neither")
        again = in_a_child(_again, self.path, self.before, self.after)
        if undoing and state != "neither":  # what an undo starts from is the import
            state = {"before": "after", "after": "before"}[state]
        left = [str(path) for path in self.scratch.iterdir()] + in_a_child(_swept)
        return Seen(name, killed, state, again, left)


def _same(one: dict, other: dict) -> bool:
    return all(one[part] == other[part] for part in ("rows", "reported", "unbalanced"))


def start(work: Callable, *arguments: object, point: Point | None = None) -> int:
    """Let a child do something; return its process id."""
    sys.stdout.flush()
    pid = os.fork()
    if pid:
        return pid
    try:
        work(*arguments, **({"point": point} if point else {}))
    except BaseException:
        sys.excepthook(*sys.exc_info())
        os._exit(1)
    os._exit(0)


def _killed(pid: int) -> bool:
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the work failed by itself")
    return os.WIFSIGNALED(status)


def in_a_child(work: Callable, *arguments: object) -> object:
    """Let a new process do something and return its answer."""
    reading, writing = os.pipe()

    def answer() -> None:
        with os.fdopen(writing, "w") as told:
            json.dump(work(*arguments), told)

    pid = start(answer)
    os.close(writing)
    with os.fdopen(reading) as told:
        answered = told.read()
    _, status = os.waitpid(pid, 0)
    if status:
        raise RuntimeError(f"{work.__name__} failed")
    return json.loads(answered)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def fail_at(point: Point, die: Callable[[], None] = _die) -> None:
    """Wrap the point's function so that the process is killed there."""
    calls, depth = 0, 0 if point.within else 1

    def enter(function: Callable[..., object], *values: object, **named: object) -> object:
        nonlocal depth
        depth += 1
        try:
            return function(*values, **named)
        finally:
            depth -= 1

    def count(function: Callable[..., object], *values: object, **named: object) -> object:
        nonlocal calls
        calls += bool(depth)
        due = bool(depth) and calls == point.call
        if due and point.when == "before":
            die()
        answer = function(*values, **named)
        if due and point.when == "after":
            die()
        return answer

    if point.within:
        _wrap(point.within, enter)
    _wrap(point.function, count)


def _wrap(name: str, around: Callable[..., object]) -> None:
    """Let calls of a function, written as ``module:function`` or ``module:Class.method``, go through ``around``."""
    module, _, inside = name.partition(":")
    *classes, last = inside.split(".")
    owner = pkgutil.resolve_name(":".join([module, ".".join(classes)]) if classes else module)
    function = getattr(owner, last)

    @functools.wraps(function)
    def wrapped(*values: object, **named: object) -> object:
        return around(function, *values, **named)

    setattr(owner, last, wrapped)


def load() -> None:
    """Load the program once, for every child to find it loaded; the database stays closed."""
    from xuezheng.cli import shared  # noqa: F401
    from xuezheng.intake import uploads  # noqa: F401
    from xuezheng.workbooks import sheet_catalogue

    for sheet in sheet_catalogue.sheets().values():
        assert sheet.columns


def _write_workbooks(folder: Path) -> None:
    """Write the registers as they are before, and the file whose import is killed: a new class, new pupils, changes."""
    from tests.conftest import small_district

    from xuezheng.workbooks import sheet_catalogue, write_workbook

    small = small_district()
    pupils = small["学生名册"]
    titles = ("本地信息", "学期", "学校名册", "班级名册")
    first = {**{title: small[title] for title in titles}, "学生名册": pupils[:6]}
    place = sheet_catalogue.sheet("学生名册").paths.index("boarding")
    changed = [[*row[:place], "住校", *row[place + 1 :]] for row in pupils[:3]]
    school = small["班级名册"][0][0]
    second = {"班级名册": [[school, "三年级2班", "小学", "3", ""]], "学生名册": [*changed, *pupils[3:12]]}
    for name, sheets in {"全区.xlsx": first, _NAME: second}.items():
        write_workbook(folder / name, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()})


def prepare(folder: Path) -> None:
    from xuezheng.cli.shared import prepare_database
    from xuezheng.collections import collecting
    from xuezheng.core.periods import Period
    from xuezheng.intake import import_workbook
    from xuezheng.records.models import School, User
    from xuezheng.workbooks import sheet_catalogue

    prepare_database()
    _write_workbooks(folder)
    assert import_workbook(folder / "全区.xlsx").saved
    User.objects.create(username="办公室", role="office")
    collecting.open_collection(
        "名册",
        Period.parse("2019H1"),
        "enrolment",
        [sheet_catalogue.sheet("学生名册")],
        School.objects.filter(name="云岭学校"),
        date(2019, 6, 1),
    )


def _change_layout(path: Path) -> None:
    """Write the roster as a school's own, with other headings, and keep their mapping."""
    import openpyxl

    from xuezheng.intake.mappings.versions import remember
    from xuezheng.workbooks import sheet_catalogue
    from xuezheng.workbooks.layouts.mapping import Mapping, Source

    book = openpyxl.load_workbook(path)
    page, sheet = book["学生名册"], sheet_catalogue.sheet("学生名册")
    page.title = "花名册"
    sources = []
    for cell in page[1]:
        column = next(column for column in sheet.columns if column.title == cell.value.strip("*＊"))
        cell.value = _OTHER_WORDS.get(column.title, column.title)
        sources.append(Source(cell.value, column.path))
    book.save(path)
    remember(Mapping(sheet.title, tuple(sources)), path.name, None)


def _import(path: Path, point: Point | None = None) -> None:
    from xuezheng.intake.uploads import Upload
    from xuezheng.records.models import Submission, User

    user = User.objects.get()
    if point and point.phase == RECEIVE:
        fail_at(point)
    upload = Upload.receive(path.read_bytes(), _NAME, user, Submission.objects.get())
    if point and point.phase == COMMIT:
        fail_at(point)
    outcome = upload.commit(user)
    assert not outcome.problems, [str(problem) for problem in outcome.problems]


def take_back(point: Point | None = None) -> None:
    from xuezheng.intake import undo
    from xuezheng.records.models import Batch

    number = Batch.objects.filter(file_name=_NAME, undone_at=None).get().pk
    if point:
        fail_at(point)
    undo(number)


def told() -> dict:
    """Tell the registers without their ids, and whether history, batches and the report agree with them."""
    from xuezheng.records.models import Batch, Submission, registers
    from xuezheng.workbooks import sheet_catalogue
    from xuezheng.workbooks.export import rows_of

    _wait_for_the_dead()
    sheets = {title: sheet_catalogue.sheet(title) for title in ("学校名册", "班级名册", "学生名册")}
    standing = Batch.objects.filter(file_name=_NAME, undone_at=None)
    unbalanced = []
    for name, model in registers().items():
        kinds = model.history.values_list("history_type", flat=True)
        if list(kinds).count("+") - list(kinds).count("-") != model.objects.count():
            unbalanced.append(name)
        if model.objects.exclude(batch=None).filter(batch__undone_at__isnull=False).exists():
            unbalanced.append(f"{name}: rows of a batch that was undone")
    submission = Submission.objects.get()
    reported = submission.handed_in is not None and submission.handed_in.undone_at is None
    return {
        "rows": {title: sorted(rows_of(it, it.model.objects.all())) for title, it in sheets.items()},
        "reported": reported,
        "unbalanced": [*unbalanced, *(["batches"] if standing.count() != reported else [])],
    }


def _wait_for_the_dead() -> None:
    """Wait until PostgreSQL has noticed that the killed process is gone: it may be committing what it was told to."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return
    others = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with connection.cursor() as cursor:
        for _ in range(500):
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.02)
    raise RuntimeError("a killed process still has its session")


def _take_in(path: Path) -> None:
    from xuezheng.intake import import_workbook
    from xuezheng.records.models import Submission

    outcome = import_workbook(path, submission=Submission.objects.get())
    assert not outcome.problems, [str(problem) for problem in outcome.problems]


def _again(path: Path, before: dict, after: dict) -> bool:
    """Hand the same file in again, which brings it in or finds it there, and undo it."""
    _take_in(path)
    came_in = _same(told(), after)
    take_back()
    return came_in and _same(told(), before)


def _swept() -> list[str]:
    """Sweep as after a day; tell what is left."""
    from xuezheng.core.data_folder import home
    from xuezheng.operations.cleanup import sweep

    folders = [home() / name for name in ("uploads", "temporary")]
    for path in folders[0].iterdir():
        os.utime(path, (0, 0))
    sweep()
    return [str(path) for folder in folders if folder.is_dir() for path in folder.iterdir()]


def main() -> None:
    """``kills.py FOLDER points|mapped NAME…`` or ``kills.py FOLDER random TIMES SEED``: print each Seen as a line of JSON."""
    import django

    django.setup()
    load()
    folder, how, *words = sys.argv[1:]
    kills = Kills(Path(folder), mapped=how == "mapped")
    seen = (
        kills.at_random(int(words[0]), random.Random(int(words[1])))
        if how == "random"
        else kills.at_points(words)
    )
    for it in seen:
        print(json.dumps(asdict(it)), flush=True)


if __name__ == "__main__":
    main()
