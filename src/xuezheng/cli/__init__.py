"""The command line: ``xuezheng COMMAND``, with one module for each command.

The module of a command has ``arguments(parser)``, which adds the command's arguments to an
``argparse.ArgumentParser``, and ``run(options) -> int``, which takes the parsed arguments and returns the
exit code.
"""

from __future__ import annotations

import argparse
import atexit
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NamedTuple, NoReturn

import django

from xuezheng import __version__
from xuezheng.cli.failures import (
    INTERRUPTED,
    READER_GONE,
    TERMINATED,
    USAGE,
    Failure,
    Terminated,
    WrongSetting,
    describe,
    end_on_signal,
    print_failure,
)
from xuezheng.core.data_folder import home
from xuezheng.core.temporary_files import keep_temporary_files_home


class Command(NamedTuple):
    """A command of ``xuezheng``: the subpackage of ``xuezheng.cli`` with its module, and a Chinese description."""

    package: str
    title: str


COMMANDS: dict[str, Command] = {
    "demo": Command("operations", "建立演示区：写出各校各科室的工作簿，导入、生成快照、核对、生成报告"),
    "serve": Command("operations", "启动网页服务"),
    "work": Command("operations", "处理后台任务：大工作簿的检查和导入、生成快照等"),
    "user": Command("operations", "建立账号，或给账号发一次性链接设定密码"),
    "template": Command("records", "生成填报模板"),
    "import": Command("records", "导入工作簿：每个文件要么整个导入，要么一行也不导入"),
    "mapping": Command("records", "别处的表与系统的表的对应关系：导出、采用"),
    "undo": Command("records", "撤销一次导入：台账恢复到导入之前"),
    "policy": Command("records", "政策包：采用、停用、看会改变什么；导出本局的标准"),
    "link": Command("records", "把外部名单（建档立卡、低保等）与学籍比对"),
    "freeze": Command("records", "把台账和规则存成快照"),
    "figures": Command("figures", "查询指标的数值"),
    "rows": Command("figures", "列出一个指标所依据的行（编号和快照收录的列，不含姓名和证件号）"),
    "plan": Command("figures", "查看半年计划各项任务和目标的进展"),
    "report": Command("reports", "生成Word报告，每个数都带有出处"),
    "refresh": Command("reports", "把另一个时期的数换进修改过的报告，文字不动"),
    "verify": Command("reports", "核对修改过的报告：哪些数被手工改过，哪些与台账不再一致"),
    "whatif": Command("figures", "测算：政策换成别的标准、日期会怎样"),
    "release": Command("reports", "签发报告：起草、会签、印发，查看各版的变化"),
    "audit": Command("reports", "审核任何报告中的数字：合计、占比、标准乘人数、增减和表格"),
    "backup": Command("operations", "备份全部数据到一个文件，并试恢复"),
    "restore": Command("operations", "从备份恢复"),
    "move-database": Command("operations", "把数据迁到另一个数据库（SQLite或PostgreSQL）"),
    "upgrade": Command("operations", "把数据库升级到本版本"),
    "keys": Command("operations", "核对或更换密钥"),
    "snapshot": Command("records", "列出快照，撤回不该使用的快照"),
    "health": Command("operations", "检查系统此刻能不能用：数据库、磁盘、后台进程，供监控和服务管理使用"),
    "doctor": Command("operations", "检查数据文件夹、数据库、快照和政策文件是否完好"),
}
# These see for themselves in what form the data are, or need none.
_UNCHECKED = {
    "template", "audit", "doctor", "backup", "restore", "move-database", "upgrade", "keys",
}  # fmt: skip
_CHINESE = {
    "usage: ": "用法：",
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示本说明",
    "the following arguments are required: %s": "缺少参数：%s",
    "unrecognized arguments: %s": "不认识的参数：%s",
    "invalid choice: %(value)r (choose from %(choices)s)": "没有%(value)r，可选：%(choices)s",
    "argument %(argument_name)s: %(message)s": "参数%(argument_name)s：%(message)s",
    "expected one argument": "后面应有一个值",
    "expected at least one argument": "后面至少应有一个值",
    "invalid %(type)s value: %(value)r": "不能用%(value)r",
}


class _Parser(argparse.ArgumentParser):
    """An argument parser that reports its errors like those of commands, as JSON with ``--json``."""

    as_json = False

    def error(self, message: str) -> NoReturn:
        if not self.as_json:
            self.print_usage(sys.stderr)
        print_failure(Failure(f"{self.prog}：{message}", USAGE), as_json=self.as_json)
        self.exit(USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command in ``arguments`` (by default those of the process), and return its exit code.

    0: success; 1: the request is refused or a check failed; 2: a wrong call or setting; 3: a failure of the
    machine or the program; 130, 141, 143: interrupted, the reader of the output closed, terminated by a
    signal.
    """
    arguments = sys.argv[1:] if arguments is None else arguments
    _prepare_process()
    _Parser.as_json = "--json" in arguments
    name = next((word for word in arguments if word in COMMANDS), "")
    try:
        return _run(name, arguments)
    except BrokenPipeError:
        # Python would complain once more when it flushes what nobody reads.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    except KeyboardInterrupt:
        return INTERRUPTED
    except Terminated:
        return TERMINATED
    except Exception as error:
        failure = describe(error)
        if failure is None:
            raise
        print_failure(failure, as_json=_Parser.as_json)
        return failure.code


def _prepare_process() -> None:
    # Else Python walks every object that the libraries made again and again, and once more before it ends.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
    # argparse asks gettext for its own words; this is the whole Chinese catalogue for them.
    argparse._ = lambda text: _CHINESE.get(text, text)  # type: ignore[attr-defined]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xuezheng.settings")
    os.umask(0o077)  # what is written tells of persons more often than not
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no Chinese shows something all the same.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    end_on_signal()


def _run(name: str, arguments: Sequence[str]) -> int:
    parser = _Parser(prog="xuezheng", description="学政：区县教育局的工作系统。")
    parser.add_argument("--version", action="version", version=f"学政 {__version__}", help="显示版本")
    commands = parser.add_subparsers(dest="command", metavar="<命令>", required=True, title="命令")
    parsers = {
        name: commands.add_parser(name, help=command.title, description=f"{command.title}。")
        for name, command in COMMANDS.items()
    }
    if not name:
        parser.parse_args(arguments)
    try:
        home()
        django.setup()
    except (OSError, ValueError, KeyError) as error:
        raise WrongSetting(
            f"不能启动：{error}。请检查XUEZHENG_HOME文件夹、其中的keys.json和各项设定（环境变量）。"
        ) from error
    keep_temporary_files_home()
    # Only the chosen command is loaded: the others would triple the time to start.
    module = "import_" if name == "import" else name.replace("-", "_")
    command = importlib.import_module(f"xuezheng.cli.{COMMANDS[name].package}.{module}")
    command.arguments(parsers[name])
    options = parser.parse_args(arguments)
    if name not in _UNCHECKED:
        _check_database()
    return int(command.run(options))


def _check_database() -> None:
    """Refuse to run on a database that this release may not read; the database is not changed."""
    from xuezheng.operations.start import check_database

    check_database()
