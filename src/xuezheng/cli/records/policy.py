"""``xuezheng policy``: list, compare, adopt and withdraw policy packs, and export the bureau's versions."""

import argparse
from pathlib import Path

from django.utils import timezone
from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.policy import PolicyError, exporting, kept, taking
from xuezheng.policy.current import entries, read_once
from xuezheng.policy.declarations import declaring
from xuezheng.policy.packs import Level, Pack, read_pack, shipped


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng policy`` to ``parser``."""
    steps = parser.add_subparsers(dest="step", metavar="<做什么>", required=True, title="做什么")
    known = steps.add_parser(
        "list",
        help="列出政策包和核实情况",
        description="列出本版本提供的和已采用的政策包，以及依据待核实的标准。",
    )
    add_json(known)
    for step, words in (("changes", "看采用后会改变哪些标准"), ("take", "采用政策包")):
        known = steps.add_parser(step, help=words, description=f"{words}。")
        known.add_argument("pack", metavar="政策包", help="本版本的代码，如 national；或政策包的文件夹")
    known = steps.add_parser(
        "withdraw", help="停用政策包", description="停用政策包：下一次生成快照起不再按它计算。"
    )
    known.add_argument("pack", metavar="政策包", help="已采用的代码")
    known = steps.add_parser(
        "export", help="导出本局标准", description="把本局批准的标准写成一个政策包的文件夹。"
    )
    known.add_argument("folder", type=Path, metavar="文件夹", help="新的文件夹，以它的名称为代码")


def run(options: argparse.Namespace) -> int:
    """Carry out the step of the command: list policy packs, show the changes of one, adopt or withdraw it, or export. Returns 0.

    Raises ``PolicyError`` for an unknown pack or a step that is refused.
    """
    match options.step:
        case "list":
            return _list(options.json)
        case "changes":
            return _show_changes(_pack(options.pack))
        case "take":
            pack = _pack(options.pack)
            taking.take(pack, None)
            OUT.print(f"已采用“{pack.title}”（{pack.edition}）。下一次生成快照起按它计算，以前的快照不变。")
        case "withdraw":
            taking.withdraw(options.pack, None)
            OUT.print(f"已停用“{options.pack}”。下一次生成快照起不再按它计算，以前的快照不变。")
        case "export":
            count = exporting.export_local_versions(options.folder)
            OUT.print(f"已把本局的{count}项标准写到{options.folder}。")
    return 0


def _pack(named: str) -> Pack:
    """Return the pack of the release with the code ``named``, or the pack in the folder of that path; raises ``PolicyError`` for neither."""
    if named in shipped():
        return shipped()[named]
    if (folder := Path(named)).is_dir() and (folder / "pack.yaml").is_file():
        return read_pack(folder.resolve())
    raise PolicyError(f"没有政策包“{named}”，也没有这样的文件夹。本版本有：{'、'.join(shipped())}。")


def _list(as_json: bool) -> int:
    taken = {pack.code: pack for pack in kept.in_force()}
    rows = [
        {
            "code": code,
            "title": shipped()[code].title if code in shipped() else taken[code].title,
            "level": Level(shipped()[code].level if code in shipped() else taken[code].level).label,
            "shipped": shipped()[code].edition if code in shipped() else "",
            "taken": taken[code].edition if code in taken else "",
        }
        for code in dict.fromkeys([*shipped(), *taken])
    ]
    doubtful = _doubtful()
    if as_json:
        print_json({"packs": rows, "unchecked": doubtful})
        return 0
    table = Table("代码", "名称", "层级", "本版本提供", "已采用", box=SIMPLE_HEAD)
    for row in rows:
        table.add_row(*row.values())
    OUT.print(table)
    checks = Table("没有原文依据的标准", "施行", "核实人", "核对日期", "对照的文件", box=SIMPLE_HEAD)
    for row in doubtful:
        checks.add_row(*(row[name] or "待核实" for name in ("title", "first", "by", "day", "document")))
    OUT.print(checks)
    return 0


@read_once()
def _doubtful() -> list[dict[str, str]]:
    """Return the versions in force that nobody compared with a document before the release, with the check recorded since, "" if none."""
    return [
        {
            "key": known.key,
            "title": known.title,
            "first": str(version.first),
            "by": version.check.by if version.check else "",
            "day": str(version.check.day) if version.check else "",
            "document": version.check.document if version.check else "",
        }
        for area in declaring()
        for known in entries(area).values()
        if (version := known.version(timezone.localdate())) and version.grade == "C"
    ]


def _show_changes(pack: Pack) -> int:
    changes = taking.changes(pack)
    if not changes:
        OUT.print("没有变化：与现行的标准相同。")
        return 0
    table = Table("标准", "不再施行", "新施行", box=SIMPLE_HEAD)
    for change in changes:
        days = (
            "、".join(str(version.first) for version in versions) for versions in (change.gone, change.new)
        )
        table.add_row(change.after.title, *days)
    OUT.print(table)
    return 0
