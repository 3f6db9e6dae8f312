"""What the office writes about a paper is taken as it is written, or refused with what to write instead."""

import contextlib
from datetime import date

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xuezheng.core.number_text import typed_number
from xuezheng.reports.word import layout
from xuezheng.reports.word.letterhead import Kind, Letterhead, LetterheadError, read, without_own_digits

WHOLE = """
文种: 报告
发文字号: 明教〔2019〕25号
签发人: 汪明远
主送: 明山区人民政府
抄送: 区财政局
份号: '000001'
密级: 秘密★1年
紧急程度: 加急
成文日期: 2019-07-08
办理期限: 2019-07-12
附件: [名单, 明细表]
附注: 此件公开发布
用印: 否
发文机关: 明山区教育局
印发机关: 明山区教育局办公室
印发日期: 2019-07-09
"""


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "文头.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read(path)

    return write


def test_all_that_may_be_written(written):
    assert written(WHOLE) == Letterhead(
        Kind.REPORT,
        issuer="明山区教育局",
        number="明教〔2019〕25号",
        signer="汪明远",
        to="明山区人民政府",
        copies="区财政局",
        serial="000001",
        secrecy="秘密★1年",
        urgency="加急",
        day=date(2019, 7, 8),
        reply_by=date(2019, 7, 12),
        attachments=("名单", "明细表"),
        note="此件公开发布",
        sealed=False,
        printed_by="明山区教育局办公室",
        printed_on=date(2019, 7, 9),
    )


def test_the_kind_is_enough(written):
    assert written("\ufeff文种: 函\n抄送:\n") == Letterhead(Kind.LETTER)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "应逐行写“名称: 内容”"),
        ("主送: 各学校", "缺少文种"),
        ("文种: 通告", "文种应为报告、通知、函之一"),
        ("文种: 通知\n发文号: 明教〔2019〕25号", "没有“发文号”这一项。可以写：发文字号"),
        ("文种: 通知\n发文字号: 明教[2019]025号", "应如“发文字号: 云教〔2019〕5号”"),
        ("文种: 通知\n份号: 000001", "份号应为一行文字；由数字组成的，请加引号"),
        ("文种: 通知\n密级: 内部", "应如“密级: 秘密★1年”"),
        ("文种: 通知\n成文日期: 2019年7月5日", "成文日期应为日期，如“成文日期: 2019-07-05”"),
        ("文种: 通知\n附件: [[名单]]", "附件应为一行文字"),
        ("文种: 通知\n用印: 不用", "用印应为是或否"),
        ("文种: 通知\n主送: [", "第2行无法识别"),
        ("文种: 通知\n主送: !!python/object:os.system x", "无法识别"),
        ("文种: 通知\n主送: '一行\n\n两行'", "主送应为一行文字"),
        (b"\xff\xfe\x00", "无法识别"),
        ("# " + "长" * 40000, "过大"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_remedy(written, text, told):
    with pytest.raises(LetterheadError, match="文头文件“文头") as fault:
        written(text)
    assert told in str(fault.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LetterheadError, match="打不开文头文件“没有"):
        read(tmp_path / "没有.yaml")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.dates() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from([*(line.split(":")[0] for line in WHOLE.split("\n")[1:-1]), "乱写"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(NAMES, ANYTHING, max_size=5))
def test_whatever_is_written_gives_a_head_or_a_sentence(written, entries):
    with contextlib.suppress(LetterheadError):
        assert isinstance(
            written(yaml.safe_dump({"文种": "通知", **entries}, allow_unicode=True)), Letterhead
        )


@pytest.mark.parametrize(
    ("style", "text"),
    [
        (layout.SERIAL, "000001"),
        (layout.CORNER, "秘密★1年"),
        (layout.NUMBER, "明教〔2019〕25号签发人：汪明远"),
        (layout.NUMBER, "　　〔2019〕　　号"),
        (layout.NUMBER, "000001明教函〔2019〕8号"),
        (layout.APPENDIX, "附件2"),
    ],
)
def test_the_digits_of_a_head_are_no_numbers(style, text):
    assert without_own_digits(style, text) == ""


def test_serial_numbers_of_attachments_and_telephones_are_no_numbers():
    assert without_own_digits(layout.ATTACHED, "附件：1.350名学生名单") == "350名学生名单"
    assert without_own_digits(layout.NOTE, "（联系电话：0559-3511234，共3页）") == "（联系，共3页）"


@pytest.mark.parametrize(
    "style",
    [layout.SERIAL, layout.CORNER, layout.NUMBER, layout.APPENDIX, layout.ATTACHED, layout.NOTE, layout.BODY],
)
@pytest.mark.parametrize(
    "text", ["资助学生350人", "明教〔2019〕25号资助学生350人", "附件2共350人", "2.5万人", "000001 350"]
)
def test_a_sentence_in_the_style_of_a_head_keeps_its_numbers(style, text):
    assert typed_number(without_own_digits(style, text))
