"""Files that cannot be taken in at all: one sentence each, in Chinese, with the remedy; nothing is saved."""

import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest

from xuezheng.intake import import_workbook
from xuezheng.workbooks import WorkbookRefused, reader
from xuezheng.workbooks.reader import read_workbook

pytestmark = pytest.mark.django_db


def sentence(path):
    with pytest.raises(WorkbookRefused) as raised:
        import_workbook(path)
    return str(raised.value)


def test_a_file_that_is_not_there(tmp_path):
    assert "找不到文件" in sentence(tmp_path / "没有.xlsx")
    assert "请检查路径和文件名" in sentence(tmp_path)


def test_an_empty_file(tmp_path):
    path = tmp_path / "空.xlsx"
    path.touch()
    assert sentence(path) == "“空.xlsx”是空文件（0字节）。请重新导出或下载后再试。"


@pytest.mark.parametrize("content", [b"name,sex\n", "姓名,性别\n".encode("gbk"), b"\0" * 5000])
def test_another_kind_of_file_named_xlsx(tmp_path, content):
    path = tmp_path / "名册.xlsx"
    path.write_bytes(content)
    assert (
        sentence(path) == "“名册.xlsx”不是Excel文件，只是改了扩展名。请用Excel或WPS打开原文件，另存为.xlsx。"
    )


def test_a_file_that_was_cut_off(tmp_path, workbook, small):
    whole = workbook({"学期": small["学期"]}, "学期.xlsx")
    path = tmp_path / "半个.xlsx"
    path.write_bytes(whole.read_bytes()[:3000])
    assert sentence(path) == "“半个.xlsx”不是完整的Excel文件。请用Excel或WPS打开原文件，另存为.xlsx后再试。"


def test_a_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "压缩.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("说明.txt", "不是表")
    assert "不是完整的Excel文件" in sentence(path)


def test_a_cell_in_the_last_corner_costs_the_reader_its_memory_not_the_system(tmp_path):
    """A legal file of 5 KB that stands for seventeen billion cells."""
    path = tmp_path / "角落.xlsx"
    book = openpyxl.Workbook()
    book.active.title = "学期"
    book.active["A1"] = "学期"
    book.active["XFD1048576"] = "完"
    book.save(path)
    told = sentence(path)
    assert told.startswith("“角落.xlsx”无法读取：内容损坏，或占用内存过大。")
    assert "把需要的表复制到新文件另存后再试" in told


def test_a_reader_that_takes_too_long_is_stopped(tmp_path, workbook, small, monkeypatch):
    monkeypatch.setattr(reader, "SECONDS_LIMIT", 0.001)
    path = workbook({"学期": small["学期"]}, "慢.xlsx")
    assert sentence(path).startswith("“慢.xlsx”读取时间过长，已停止")


def test_no_child_outlives_a_reader_that_was_stopped(workbook, small, monkeypatch):
    monkeypatch.setattr(reader, "SECONDS_LIMIT", 0.001)
    path = workbook({"学期": small["学期"]}, "只此一份.xlsx")
    sentence(path)
    assert not any(str(path).encode() in command for command in commands_that_run())


def commands_that_run():
    """The command lines of all processes, without a program that a bare system may lack."""
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):  # ended meanwhile
            yield command.read_bytes()


def test_a_workbook_with_nothing_in_it(raw_workbook):
    assert sentence(raw_workbook({"Sheet1": []})) == "“上报.xlsx”里没有可导入的表。请使用下载的模板填写。"


def test_numbers_and_truths_are_read_as_text_and_long_numbers_as_what_is_left_of_them(tmp_path):
    path = tmp_path / "数.xlsx"
    book = openpyxl.Workbook()
    book.active.append([True, 3.5, 0.1 + 0.2, 45.0, 10**15, 349900201003010519])
    book.save(path)
    (sheet,) = read_workbook(path)
    assert sheet.row(0) == ["True", "3.5", "0.3", "45", "1.00000000000000E+15", "3.49900201003010E+17"]
