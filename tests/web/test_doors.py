"""The way in, as a browser takes it: straight to the server, and through nginx with TLS as the example configures it."""

import contextlib
import datetime
import http.client
import ipaddress
import os
import re
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pyotp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from playwright.sync_api import expect, sync_playwright
from tests.machine import BROWSER, PROXY, find, require
from tests.web.conftest import ARGUMENTS, CHROMIUM, PATIENCE

NGINX = find("nginx")
CONFIGURATION = Path(__file__).parents[2] / "contrib" / "nginx" / "xuezheng.conf"
STARTED_AFTER_SECONDS = 90
CLIENT = "127.0.0.9"
PASSWORDS = {
    "admin": "山外青山楼外楼-73",
    "yansi": "小荷才露尖尖角-58",
    "again": "早有蜻蜓立上头-91",
    "own": "泉眼无声惜细流-46",
}
FIRST_LINK = re.compile(r"https?://\S+/welcome/[\w-]+/")


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def wait_for(port, process):
    deadline = time.monotonic() + STARTED_AFTER_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("nothing listens")


class Relay(socketserver.ThreadingTCPServer):
    """Carries a browser's connections on from an address of their own, as those of another machine would come."""

    daemon_threads = True

    def __init__(self, target):
        self.target = target
        super().__init__(("127.0.0.1", 0), Carrier)


class Carrier(socketserver.BaseRequestHandler):
    def handle(self):
        with contextlib.suppress(OSError):
            onward = socket.create_connection(("127.0.0.1", self.server.target), 10, (CLIENT, 0))
            onward.settimeout(None)
            with onward:
                threading.Thread(target=carry, args=(self.request, onward), daemon=True).start()
                carry(onward, self.request)


def carry(source, target):
    with contextlib.suppress(OSError):
        while content := source.recv(65536):
            target.sendall(content)
        target.shutdown(socket.SHUT_WR)


class Site:
    """A served data folder: its public address, and commands run in its environment."""

    def __init__(self, url, environment):
        self.url = url
        self.environment = environment

    def run(self, *words):
        done = subprocess.run(
            [sys.executable, "-m", "xuezheng", *words], env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip
        return done.stdout + done.stderr

    def query(self, script):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", f"import django; django.setup()\n{script}"],
            env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout


def make_certificate(folder):
    """Write a key and a certificate signed with it for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )


def configure_nginx(folder, tls_port, plain_port, server_port):
    """Write the example configuration with the ports and paths of a test, inside a main file of its own."""
    text = CONFIGURATION.read_text(encoding="utf-8")
    for old, new in (
        ("listen 80;", f"listen 127.0.0.1:{plain_port};"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls_port} ssl;"),
        ("xz.example.gov.cn;  ", "127.0.0.1;  "),
        ("/etc/nginx/xuezheng/", f"{folder}/"),
        ("/var/log/nginx/xuezheng.log", f"{folder}/access.log"),
        ("http://127.0.0.1:8000", f"http://127.0.0.1:{server_port}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    (folder / "xuezheng.conf").write_text(text, encoding="utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log;"
        f"events {{}} http {{ access_log {folder}/other.log; {temporary} include {folder}/xuezheng.conf; }}",
        encoding="utf-8",
    )


@pytest.fixture(params=["direct", "nginx"])
def site(request, tmp_path, assets):
    """A real server on a new data folder, alone or behind nginx; its first link is on ``site.first_link``."""
    require(*BROWSER, *(PROXY if request.param == "nginx" else ()))
    port, tls_port = free_port(), free_port()
    relay = Relay(tls_port if request.param == "nginx" else port)
    threading.Thread(target=relay.serve_forever, daemon=True).start()
    outside = relay.server_address[1]
    environment = {**os.environ, "XUEZHENG_HOME": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    environment |= {"DJANGO_SETTINGS_MODULE": "xuezheng.settings", "PYTHONIOENCODING": "utf-8"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    url = f"http{'s' if request.param == 'nginx' else ''}://127.0.0.1:{outside}"
    environment["XUEZHENG_URL"] = url
    if request.param == "nginx":
        environment |= {"XUEZHENG_HTTPS": "1", "XUEZHENG_TRUSTED_PROXY": "127.0.0.1"}
    processes = []
    printed = tmp_path / "printed.txt"
    try:
        with printed.open("w") as output:
            words = [sys.executable, "-m", "xuezheng", "serve", "--port", str(port)]
            processes.append(subprocess.Popen(words, env=environment, stdout=output))
        wait_for(port, processes[0])
        if request.param == "nginx":
            folder = tmp_path / "nginx"
            folder.mkdir()
            make_certificate(folder)
            configure_nginx(folder, tls_port, free_port(), port)
            processes.append(
                subprocess.Popen([NGINX, "-p", str(folder), "-c", f"{folder}/nginx.conf", "-e", f"{folder}/error.log"])
            )  # fmt: skip
            wait_for(tls_port, processes[1])
        made = Site(url, environment)
        made.first_link = FIRST_LINK.search(printed.read_text(encoding="utf-8"))[0]
        yield made
    finally:
        relay.shutdown()
        relay.server_close()
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(30)


@pytest.fixture
def visit():
    """Open pages, each in a browser session of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def open_page():
            # Chromium trusts no certificate that a test has just signed.
            context = browser.new_context(ignore_https_errors=True, locale="zh-CN")
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            return page

        yield open_page
        browser.close()


def set_password(page, link, password, **fields):
    """Open a link and set a password by it."""
    page.goto(link)
    for label, value in fields.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_label("再输一次密码").fill(password)
    page.get_by_role("button", name="启用并登录").click()


@pytest.mark.browser
@pytest.mark.slow
def test_from_the_first_link_to_a_clerk_who_logs_in_again_after_a_reset(site, visit):
    assert site.first_link.startswith(site.url)
    assert "No such" not in site.query(
        "from xuezheng.records.models import School\n"
        "School.objects.create(code='2134990001', name='云岭第一小学', kind='211', urban_rural='121', runner='831')"
    )
    administrator = visit()
    set_password(administrator, site.first_link, PASSWORDS["admin"], 登录名="admin", 姓名="王某")
    expect(administrator.get_by_role("heading", level=1)).to_have_text("账号")
    administrator.wait_for_load_state()  # the script that opens the form
    administrator.get_by_role("button", name="新建账号").click()
    administrator.get_by_label("登录名").fill("yansi")
    administrator.get_by_label("姓名").fill("李某")
    administrator.locator("#new").get_by_label("角色").select_option(label="学校经办人")
    administrator.locator("#new").get_by_label("学校").select_option(label="云岭第一小学")
    administrator.get_by_role("button", name="建立，并显示一次性链接").click()
    link = administrator.get_by_label("交给本人").input_value()
    assert link.startswith(f"{site.url}/welcome/")
    clerk = visit()
    requests = []
    clerk.on("request", lambda sent: requests.append((sent.url, sent.headers.get("referer", ""))))
    set_password(clerk, link, PASSWORDS["yansi"])
    expect(clerk.get_by_role("link", name="台账").first).to_be_visible()
    # The secret never leaves for another place.
    assert all(
        urlsplit(address).netloc == urlsplit(site.url).netloc for address, source in requests if "/welcome/" in source
    )  # fmt: skip
    device, recovery_codes = set_up_second_factor(clerk, site.url)
    second = visit()
    log_in(second, site.url, "yansi", PASSWORDS["yansi"])
    # Half a minute on: the code of just now has been used.
    second.get_by_label("手机上的验证码").fill(device.at(time.time() + 30))
    second.get_by_role("button", name="登录").click()
    expect(second.get_by_role("link", name="台账").first).to_be_visible()
    reset = site.run("user", "yansi")
    renewed = FIRST_LINK.search(reset)[0]
    assert renewed.startswith(f"{site.url}/welcome/"), reset
    later = visit()
    set_password(later, renewed, PASSWORDS["again"])
    later.get_by_label("手机上的验证码").fill(recovery_codes[0])
    later.get_by_role("button", name="登录").click()
    expect(later.get_by_role("link", name="台账").first).to_be_visible()
    # The session of before the reset is over.
    clerk.goto(f"{site.url}/registers/")
    expect(clerk.get_by_role("button", name="登录")).to_be_visible()
    later.get_by_label("我的账号").click()
    later.get_by_role("link", name="我的密码").click()
    for label, value in (("现在的密码", "again"), ("新密码", "own"), ("再输一次新密码", "own")):
        later.get_by_label(label, exact=True).fill(PASSWORDS[value])
    later.get_by_role("button", name="修改密码").click()
    expect(later.get_by_text("密码已修改")).to_be_visible()
    again = visit()
    log_in(again, site.url, "yansi", PASSWORDS["own"])
    again.get_by_label("手机上的验证码").fill(recovery_codes[1])
    again.get_by_role("button", name="登录").click()
    expect(again.get_by_role("link", name="台账").first).to_be_visible()
    assert known_addresses(site) == {CLIENT}
    send_forged(site)
    assert known_addresses(site) == {CLIENT}


def set_up_second_factor(page, url):
    """Set a second factor up on the page; return the device and the recovery codes."""
    page.get_by_label("我的账号").click()
    page.get_by_role("link", name="两步验证").click()
    page.get_by_role("button", name="开始设置").click()
    picture = page.get_by_alt_text("两步验证的二维码")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    device = pyotp.TOTP(page.locator("#secret").inner_text().replace(" ", ""))
    page.get_by_label("手机上的6位数字").fill(device.now())
    page.get_by_role("button", name="启用两步验证").click()
    codes = page.locator("main li").all_inner_texts()
    assert len(codes) == 10
    return device, codes


def known_addresses(site):
    """Whence the logs say that people came."""
    return set(
        site.query(
            "from axes.models import AccessAttempt, AccessLog\n"
            "for model in (AccessAttempt, AccessLog): print(*model.objects.values_list('ip_address', flat=True))"
        ).split()
    )


def send_forged(site):
    """Try a password while claiming to be another machine, and to have come by HTTPS."""
    parts = urlsplit(site.url)
    trusting = ssl._create_unverified_context()
    open_ = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}[parts.scheme]
    connection = open_(parts.netloc, timeout=60, **({"context": trusting} if parts.scheme == "https" else {}))
    forged = {
        "X-Forwarded-For": "10.9.8.7",
        "Forwarded": "for=10.9.8.7;proto=https",
        "X-Forwarded-Proto": "https",
        "Origin": site.url,
    }
    connection.request("GET", "/login/", headers=forged)
    answer = connection.getresponse()
    page, cookie = answer.read().decode(), answer.headers["Set-Cookie"].split(";")[0]
    secure = parts.scheme == "https"
    assert ("Strict-Transport-Security" in answer.headers) == secure
    assert ("; Secure" in answer.headers["Set-Cookie"]) == secure
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    form = {"csrfmiddlewaretoken": token, "username": "yansi", "password": "不对"}
    connection.request(
        "POST", "/login/", urlencode(form),
        {**forged, "Cookie": cookie, "Referer": f"{site.url}/login/", "Content-Type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    answer = connection.getresponse()
    assert "账号或密码不对" in answer.read().decode()
    connection.close()


def log_in(page, url, name, password):
    page.goto(f"{url}/login/")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"XUEZHENG_HTTPS": "1"}, "XUEZHENG_TRUSTED_PROXY=127.0.0.1"),
        ({"XUEZHENG_TRUSTED_PROXY": "*"}, "不能写名称、网段或*"),
        ({"XUEZHENG_LOCK_PAIR": "five"}, "XUEZHENG_LOCK_PAIR“five”应为不小于1的整数"),
        ({"XUEZHENG_LOCK_ADDRESS": "0"}, "XUEZHENG_LOCK_ADDRESS“0”应为不小于1的整数"),
        ({"XUEZHENG_PASSWORD_LENGTH": "4"}, "应为不小于8的整数"),
        ({"XUEZHENG_TOTP_ROLES": "office,boss"}, "XUEZHENG_TOTP_ROLES中的boss不是角色"),
        ({"XUEZHENG_PASSWORD_PROFILE": "none"}, "XUEZHENG_PASSWORD_PROFILE“none”不认识"),
        (
            {"XUEZHENG_OIDC_ISSUER": "http://id.example.gov.cn"},
            "XUEZHENG_OIDC_ISSUER“http://id.example.gov.cn”",
        ),
        ({"XUEZHENG_URL": "xz.example.gov.cn/pages"}, "XUEZHENG_URL“xz.example.gov.cn/pages”不是网址"),
    ],
)
def test_a_setting_that_would_shut_people_out_is_said_at_the_start(tmp_path, settings, words):
    environment = {**os.environ, "XUEZHENG_HOME": str(tmp_path), "PYTHONIOENCODING": "utf-8", **settings}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    done = Site("", environment).run("serve", "--port", str(free_port()))
    assert words in done
    assert not (tmp_path / "xuezheng.sqlite3").exists()


@pytest.mark.slow
def test_without_a_setting_links_bear_the_address_at_which_the_server_was_started(tmp_path):
    environment = {**os.environ, "XUEZHENG_HOME": str(tmp_path / "data"), "PYTHONUNBUFFERED": "1"}
    environment |= {"XUEZHENG_HOSTS": "localhost,127.0.0.1,xz.local", "PYTHONIOENCODING": "utf-8"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    for host, name in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "xz.local")):
        port = free_port()
        printed = tmp_path / f"{host}.txt"
        with printed.open("w") as output:
            words = [sys.executable, "-m", "xuezheng", "serve", "--host", host, "--port", str(port)]
            server = subprocess.Popen(words, env=environment, stdout=output)
        try:
            wait_for(port, server)
            assert f"http://{name}:{port}/welcome/" in printed.read_text(encoding="utf-8")
        finally:
            server.terminate()
            server.wait(30)
    made = Site("", environment).run("user", "juzhang", "--role", "领导")
    assert f"http://xz.local:{port}/welcome/" in made
