"""The documentation builds as a site without a warning, and the site opens without a server or internet."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright
from tests.machine import BROWSER, find, require

ROOT = Path(__file__).parents[2]
#: Elements that a browser fetches by itself, and the attributes that say what.
FETCHED = {
    "link": ("href",),
    "script": ("src",),
    "img": ("src", "srcset"),
    "source": ("src", "srcset"),
    "video": ("src", "poster"),
    "audio": ("src",),
    "iframe": ("src",),
    "object": ("data",),
    "use": ("href", "xlink:href"),
}


class Page(HTMLParser):
    """Collects what a page fetches, and where its links lead."""

    def __init__(self, path):
        super().__init__()
        self.fetched, self.links = set(), set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        self.fetched |= {values[name] for name in FETCHED.get(tag, ()) if values.get(name)}
        if tag == "a" and values.get("href"):
            self.links.add(values["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    words = [
        "-q",
        "-W",
        "--keep-going",
        "-b",
        "html",
        "-d",
        folder / "doctrees",
        ROOT / "docs",
        folder / "site",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", *words], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return folder / "site"


@pytest.fixture(scope="module")
def pages(site):
    return {path: Page(path) for path in site.rglob("*.html")}


def test_every_page_of_the_documentation_is_on_the_site(site):
    written = {path.relative_to(ROOT / "docs").with_suffix("") for path in (ROOT / "docs").rglob("*.md")}
    assert written <= {path.relative_to(site).with_suffix("") for path in site.rglob("*.html")}


def test_no_page_fetches_anything_from_a_foreign_host(pages):
    foreign = {
        (path.name, address)
        for path, page in pages.items()
        for address in page.fetched
        if urlsplit(address).netloc or urlsplit(address).scheme not in ("", "data")
    }
    assert foreign == set()


def test_no_style_or_script_of_the_site_fetches_from_a_foreign_host(site):
    patterns = {
        "*.css": r"url\(\s*['\"]?(?:https?:)?//|@import\s+['\"](?:https?:)?//",
        "*.js": r"(?:fetch|import|importScripts)\(\s*['\"`](?:https?:)?//|\.src\s*=\s*['\"`](?:https?:)?//",
    }
    fetching = [
        path.name
        for pattern, foreign in patterns.items()
        for path in site.rglob(pattern)
        if re.search(foreign, path.read_text(encoding="utf-8"))
    ]
    assert fetching == []


def test_what_a_page_fetches_and_links_to_is_there(pages):
    missing = set()
    for path, page in pages.items():
        for address in page.fetched | page.links:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc or not parts.path:
                continue
            if not (path.parent / unquote(parts.path)).exists():
                missing.add((path.name, address))
    assert missing == set()


def test_chinese_words_are_in_the_index_of_the_search(site):
    index = json.loads(re.search(r"{.*}", (site / "searchindex.js").read_text(encoding="utf-8"))[0])
    assert {"资助", "快照", "报告", "duckdb"} <= index["terms"].keys()


@pytest.mark.browser
def test_a_browser_searches_the_folder_without_a_server_and_asks_nobody(site):
    require(*BROWSER)
    schemes, errors = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("request", lambda request: schemes.append(urlsplit(request.url).scheme))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{(site / 'search.html').as_uri()}?q=资助发放")
        expect(page.get_by_role("link", name="怎样发放资助").first).to_be_visible()
        browser.close()
    assert set(schemes) <= {"file", "data"}
    assert errors == []
