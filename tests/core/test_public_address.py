"""Which addresses the settings may name, and what links begin with."""

import pytest

from xuezheng.core.public_address import parse_origin, parse_proxy, served_origin


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://xz.example.gov.cn", "https://xz.example.gov.cn"),
        ("https://xz.example.gov.cn:443/", "https://xz.example.gov.cn"),
        ("http://10.0.0.8:8080", "http://10.0.0.8:8080"),
        ("https://[fd00::8]:8443", "https://[fd00::8]:8443"),
    ],
)
def test_a_public_address_is_scheme_host_and_port(text, origin):
    assert str(parse_origin(text)) == origin


@pytest.mark.parametrize(
    "text",
    [
        "xz.example.gov.cn",
        "ftp://a",
        "https://",
        "https://a/b",
        "https://u:p@a",
        "https://a:99999",
        "https://[a",
    ],
)
def test_anything_else_is_refused_with_the_name_of_the_setting(text):
    with pytest.raises(ValueError, match="XUEZHENG_URL"):
        parse_origin(text)


def test_a_proxy_is_one_address():
    assert parse_proxy(" 127.0.0.1 ") == "127.0.0.1"
    assert parse_origin("") is None
    for text in ("*", "localhost", "10.0.0.0/8"):
        with pytest.raises(ValueError, match="XUEZHENG_TRUSTED_PROXY"):
            parse_proxy(text)


@pytest.mark.parametrize(
    ("host", "port", "names", "https", "origin"),
    [
        ("127.0.0.1", 8000, ["localhost"], False, "http://127.0.0.1:8000"),
        ("0.0.0.0", 9000, ["localhost", "10.0.0.8"], False, "http://10.0.0.8:9000"),
        ("10.0.0.9", 80, ["10.0.0.8"], False, "http://10.0.0.9"),
        ("127.0.0.1", 8000, ["xz.example.gov.cn"], True, "https://xz.example.gov.cn"),
        ("::1", 8000, [], False, "http://[::1]:8000"),
    ],
)
def test_without_a_setting_links_begin_as_the_server_was_started(host, port, names, https, origin):
    assert str(served_origin(host, port, names, https=https)) == origin
