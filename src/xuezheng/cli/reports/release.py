"""``xuezheng release``: take a report from draft through reviews and signature to issue."""

import argparse
from pathlib import Path
from typing import Any

from django.utils.timezone import localtime
from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, add_snapshot, prepare_database, print_json, question
from xuezheng.core.atomic_files import write_whole
from xuezheng.records.models import User
from xuezheng.reports.releases import ReleaseError, steps
from xuezheng.reports.releases.changes import Change, changes
from xuezheng.reports.releases.checklist import Entry, checklist
from xuezheng.reports.releases.models import Release, Version


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the steps of ``xuezheng release``, each with its arguments, to ``parser``."""
    chosen = parser.add_subparsers(dest="step", metavar="<步骤>", required=True, title="步骤")

    def step(name: str, text: str, run: Any) -> argparse.ArgumentParser:
        made = chosen.add_parser(name, help=text, description=f"{text}。")
        made.set_defaults(run=run)
        return made

    def of_a_release(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made.add_argument("release", type=int, metavar="签发号", help="见“xuezheng release list”")
        return made

    def by_somebody(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
        made.add_argument("--user", required=True, metavar="登录名", help="由谁做，须有相应的权限")
        return made

    add_json(step("list", "列出各份报告签发到了哪一步", _list))
    add_json(of_a_release(step("status", "查看一份报告的会签和清单", _status)))
    draft = by_somebody(step("draft", "起草报告；已在起草的，加一个新版本", _draft))
    draft.add_argument("template", metavar="报告", help="如 half_year（半年工作报告）")
    draft.add_argument("--period", required=True, metavar="时期", help="如 2019H1")
    draft.add_argument("--file", type=Path, metavar="文件", help="下载后修改过的报告；不写则重新生成")
    add_snapshot(draft)
    review = by_somebody(of_a_release(step("review", "会签最新一版中本科室的部分", _review)))
    review.add_argument("--section", metavar="科室", help="办公室为没有账号的科室代签时写明，如 人事股")
    explain = by_somebody(of_a_release(step("explain", "说明清单上的项为什么可以这样印发", _explain)))
    explain.add_argument(
        "items", nargs="+", type=int, metavar="项", help="清单上的序号，见“xuezheng release status”"
    )
    explain.add_argument("--text", required=True, metavar="说明", help="如：本期没有举办这项赛事")
    sign = by_somebody(of_a_release(step("sign", "领导签发最新一版", _sign_version)))
    sign.add_argument("--number", required=True, metavar="发文字号", help="如 云教〔2019〕12号")
    by_somebody(of_a_release(step("issue", "印发最新一版，此后不能再改", _issue)))
    diff = of_a_release(step("diff", "逐个数列出两版之间的变化", _diff))
    diff.add_argument("--old", type=int, metavar="版次", help="默认新版的前一版")
    diff.add_argument("--new", type=int, metavar="版次", help="默认最新一版")
    add_json(diff)
    download = of_a_release(step("download", "取出一版的文件，先核对校验值", _download))
    download.add_argument("--version", type=int, metavar="版次", help="默认最新一版")
    download.add_argument("-o", "--output", type=Path, metavar="文件", help="默认以标题和版次命名")


def run(options: argparse.Namespace) -> int:
    """Carry out one step of a report's way from draft through reviews and signature to issue. Returns 0.

    Raises ``ReleaseError`` for a step that is refused.
    """
    prepare_database()
    options.run(options)
    return 0


def _list(options: argparse.Namespace) -> None:
    releases = list(Release.objects.with_reviews())
    if options.json:
        print_json([_as_object(release) for release in releases])
        return
    if not releases:
        OUT.print(
            "还没有起草过报告。请用“xuezheng release draft half_year --period 时期 --user 登录名”起草。"
        )
        return
    table = Table("签发号", "标题", "版次", "状态", "快照", "校验值", box=SIMPLE_HEAD)
    for release in releases:
        now = release.current
        cells = (
            str(release.pk),
            now.title,
            str(now.number),
            release.state.value,
            now.snapshot_id,
            now.sha256[:12],
        )
        table.add_row(*map(escape, cells))
    OUT.print(table)


def _status(options: argparse.Namespace) -> None:
    release = _release(options)
    now, entries = release.current, checklist(release.current)
    if options.json:
        print_json({**_as_object(release), "checklist": [_entry_as_object(entry) for entry in entries]})
        return
    OUT.print(escape(f"{now.title}，第{now.number}版，{release.state.value}，快照{now.snapshot_id}"))
    OUT.print(f"校验值（SHA-256）：{now.sha256}")
    table = Table("科室", "会签", box=SIMPLE_HEAD)
    for section, made in release.reviews(now).items():
        when = f"{made.made_by} {localtime(made.made_at):%Y-%m-%d %H:%M}" if made else "未会签"
        table.add_row(escape(section), escape(when))
    OUT.print(table)
    for number, entry in enumerate(entries, 1):
        OUT.print(escape(f"{number}. {_sign(entry)}{entry.item.check}：{entry.item.told}"))
        if entry.item.where:
            OUT.print(escape(f"   在“{entry.item.where}”"))
        if explanation := entry.explanation:
            OUT.print(
                escape(
                    f"   说明：{explanation.text}（{explanation.made_by}，{localtime(explanation.made_at):%Y-%m-%d}）"
                )
            )


def _draft(options: argparse.Namespace) -> None:
    user = _user(options)
    snapshot, period = question(options)
    open_ = Release.objects.filter(template=options.template, period=period.key, issued_at=None).first()
    if options.file is None and open_ is None:
        version = steps.draft(options.template, snapshot, period, user)
    elif open_ is None:
        raise ReleaseError(f"{period.label}的报告还没有起草。请先不带--file起草，下载修改后再加新版本。")
    elif options.file is None:
        version = steps.compose_version(open_, snapshot, user, open_.latest)
    else:
        content = options.file.read_bytes()
        version = steps.take_in(open_, content, options.file.name, user, open_.latest)
    OUT.print(
        f"签发{version.release_id}：第{version.number}版已存好，快照{version.snapshot_id}，校验值{version.sha256}"
    )
    now = _release(argparse.Namespace(release=version.release_id)).current
    if obstacles := steps.obstacles(now, checklist(now)):
        OUT.print(escape("".join(obstacles)))


def _review(options: argparse.Namespace) -> None:
    user, version = _user(options), _release(options).current
    own = [section for section in version.parts if steps.may_review(user, section)]
    section = options.section or (own[0] if len(own) == 1 else None)
    if section is None:
        raise ReleaseError(f"请用--section写明科室，可选：{'、'.join(own) or '（无）'}。")
    steps.review(version, section, user)
    OUT.print(escape(f"第{version.number}版中“{section}”的部分已由{user}会签。"))


def _explain(options: argparse.Namespace) -> None:
    user, version = _user(options), _release(options).current
    entries = dict(enumerate(checklist(version), 1))
    keys = [entries[number].item.key for number in options.items if number in entries]
    steps.explain(version, keys, options.text, user)
    OUT.print(f"已记下说明：{len(keys)}项。")


def _sign_version(options: argparse.Namespace) -> None:
    version, user = _release(options).current, _user(options)
    steps.sign(version, options.number, user)
    OUT.print(escape(f"第{version.number}版已由{user}签发，可以印发。"))


def _issue(options: argparse.Namespace) -> None:
    version = _release(options).current
    steps.issue(version, _user(options))
    OUT.print(escape(f"{version.title}第{version.number}版已印发，校验值{version.sha256}"))


def _diff(options: argparse.Namespace) -> None:
    release = _release(options)
    new = _version(release, options.new)
    old = _version(release, options.old or new.number - 1)
    difference = changes(old.content(), new.content())
    if options.json:
        numbers = [_change_as_object(change) for change in difference.numbers]
        print_json(
            {"old": old.number, "new": new.number, "numbers": numbers, "sentences": difference.sentences}
        )
        return
    table = Table("指标", "分项", "原来", "现在", "原因", "位置", box=SIMPLE_HEAD)
    for change in difference.numbers:
        cells = (
            change.label or "（无出处）",
            change.slice_label,
            change.old or "（新增）",
            change.new or "（删去）",
            change.why.value,
        )
        table.add_row(*map(escape, (*cells, change.where)))
    if difference.numbers:
        OUT.print(table)
    OUT.print(
        f"第{old.number}版到第{new.number}版：{len(difference.numbers)}个数有变化，{difference.sentences}句文字有改动。"
    )


def _download(options: argparse.Namespace) -> None:
    version = _version(_release(options), options.version)
    path = options.output or Path(version.file_name)
    write_whole(path, version.content())
    OUT.print(escape(f"已写到{path}，与登记的校验值{version.sha256}一致"))


def _release(options: argparse.Namespace) -> Release:
    release = Release.objects.with_reviews().filter(pk=options.release).first()
    if release is None:
        raise ReleaseError(f"没有签发{options.release}。签发号见“xuezheng release list”。")
    return release


def _version(release: Release, number: int | None) -> Version:
    try:
        return release.version(release.latest if number is None else number)
    except Version.DoesNotExist:
        raise ReleaseError(f"签发{release.pk}没有第{number}版，现有第1到第{release.latest}版。") from None


def _user(options: argparse.Namespace) -> User:
    user = User.objects.filter(username=options.user, is_active=True).first()
    if user is None:
        raise ReleaseError(f"没有账号“{options.user}”，或已停用。请核对登录名，或用“xuezheng user”建立。")
    return user


def _sign(entry: Entry) -> str:
    if not entry.item.blocks:
        return "（提醒）"
    return "" if entry.open else "（已说明）"


def _as_object(release: Release) -> dict[str, Any]:
    now = release.current
    return {
        "release": release.pk,
        "template": release.template,
        "period": release.period,
        "title": now.title,
        "state": release.state.name.lower(),
        "version": now.number,
        "snapshot": now.snapshot_id,
        "sha256": now.sha256,
        "document_number": release.document_number,
        "signed_by": str(release.signed_by) if release.is_signed else None,
        "issued_at": release.issued_at,
        "reviews": {
            section: made and {"by": str(made.made_by), "at": made.made_at}
            for section, made in release.reviews(now).items()
        },
    }


def _entry_as_object(entry: Entry) -> dict[str, Any]:
    made = entry.explanation
    return {
        "check": entry.item.check,
        "told": entry.item.told,
        "where": entry.item.where,
        "blocks": entry.item.blocks,
        "open": entry.open,
        "explanation": made and {"text": made.text, "by": str(made.made_by), "at": made.made_at},
    }


def _change_as_object(change: Change) -> dict[str, Any]:
    return {**vars(change), "why": change.why.name.lower()}
