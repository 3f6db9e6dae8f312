"""While others attack, somebody else's pages open, and the server takes no more than it may: the short form of ``make attack``."""

import pytest
from benchmarks import attack

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("attack")]


def test_an_attack_stops_nobody(tmp_path):
    outcome = attack.run(tmp_path / "home", seconds=12)
    assert outcome.broken() == []
    assert len(outcome.attacked) >= 10
    answers = outcome.answers
    assert answers.get("登录前的请求体：413", 0) + answers.get("登录前的请求体：断开", 0) > 20
    assert answers["只发一半的请求"] > 100
    assert sum(count for words, count in answers.items() if words.startswith("核对")) == 8
    assert any(words.startswith("上传工作簿") for words in answers)
    assert outcome.own_check > 0
