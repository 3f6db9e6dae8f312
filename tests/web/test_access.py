"""Nobody gets in without logging in, nobody tries passwords for long, and no page calls out."""

import pytest
from django.urls import reverse

from xuezheng.web.urls import urlpatterns

ARGUMENTS = {
    "register": ["pupil"],
    "record": ["pupil", 1],
    "new_record": ["pupil"],
    "record_looks": ["pupil", 1],
    "correct_record": ["pupil", 1],
    "add_document": ["pupil", 1],
    "document": ["pupil", 1, 1],
    "remove_document": ["pupil", 1, 1],
    "remove_record": ["pupil", 1],
    "welcome": ["x"],
    "statistical_table": ["3112"],
    "statistical_workbook": ["3112"],
    "statistical_explanation": ["3112"],
    "account": [1],
    "list_columns": ["pupil"],
    "list_views": ["pupil"],
    "list_view": ["pupil", 1],
    "list_sums": ["pupil"],
    "list_export": ["pupil"],
    "list_print": ["pupil"],
    "list_paste": ["pupil"],
    "list_change": ["pupil"],
    "api_values": ["aid.registered_poor_pupils"],
    "api_rows": ["aid.registered_poor_pupils"],
    "api_manifest": ["nothing"],
    "batch": [1],
    "template": ["学期"],
    "announcement": [1],
    "help_sheet": ["clerk"],
    "whatif_policy": ["aid.boarder"],
    "standard": ["aid.boarder"],
    "standard_check": ["aid.boarder", "record"],
    "codes": ["policy.hardship"],
    "audited": ["0" * 32],
    "standard_impact": [1],
    "standard_scan": [1],
    "standard_step": [1, "approve"],
    "pack": ["national"],
    "whatif_result": ["0" * 32],
    "upload": ["0" * 32],
    "marked": ["0" * 32],
    "changes": ["0" * 32],
    "collection": [1],
    "submission": [1],
    "submission_workbook": [1],
    "job": [1],
    "linkage_row": [1],
    "addition": [1],
    "dashboard": ["office"],
    "plan_item": [1],
    "entry": [1],
    "figure_sql": ["aid.registered_poor_pupils"],
    "figure_table": ["aid.registered_poor_pupils"],
    "checked": ["0" * 32],
    "exported": ["0" * 32],
    "checked_file": ["0" * 32],
    "figure": ["aid.registered_poor_pupils"],
    "release": [1],
    "release_changes": [1],
    "release_docx": [1, 1],
    "report_template": ["half_year"],
    "report_template_file": ["half_year"],
    "adopted_template": ["0" * 32],
    "report": ["half_year", "2019H1"],
    "report_docx": ["half_year", "2019H1"],
}
NAVIGATION = 'id="xz-navigation"'
PAGES = [reverse(f"web:{path.name}", args=ARGUMENTS.get(path.name, [])) for path in urlpatterns]
OPEN = (
    "/login/",
    "/login/code/",
    "/login/platform/",
    "/login/platform/callback/",
    "/logout/",
    "/welcome/x/",
    "/health/",
)
OF_PROGRAMS = "/api/v1/"  # answers in JSON, see test_api
NOT_HTML = (
    "/intake/templates/",
    "/palette/",
    "/of/half_year/file/",
    "/health/",
    "/login/",
    "/logout/",
    "/docx/",
    "/scan/",
    "/statistics/3112/file/",
)
# These take a form and lead back to where it stands.
TAKE_FORMS = (
    "/jobs/freeze/",
    "/help/toured/",
    "/announcements/1/",
    "/pins/",
    "/plan/items/1/",
    "/additions/1/",
    "/entries/1/",
    "/remove/",
    "/documents/",
    "/statistics/3112/explanations/",
)
# What has to be made first is held to the same in its own tests.
MADE = (
    "/additions/new/",
    "/correct/",
    "/jobs/1/",
    "/whatif/results/",
    "/releases/1/",
    "/collections/1/",
    "/submissions/1/",
    "/welcome/",
    "/accounts/",
    "/system/areas/",
    "/of/half_year/",
)
HTML = [
    page for page in PAGES if not any(part in page for part in (*NOT_HTML, *TAKE_FORMS, *MADE, OF_PROGRAMS))
]


@pytest.mark.parametrize("page", [page for page in PAGES if page not in OPEN and OF_PROGRAMS not in page])
def test_a_stranger_is_sent_to_the_login_page(client, page):
    response = client.get(page)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=")


def test_a_part_of_a_page_without_a_session_sends_the_whole_page_to_the_login(client):
    response = client.get("/login/?next=/registers/pupil/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"].startswith("/login/")


def test_an_account_is_locked_after_five_wrong_passwords(client, users, password):
    for _ in range(4):
        response = client.post("/login/", {"username": "clerk", "password": "不对"})
        assert "账号或密码不对" in response.content.decode()
    assert "账号已锁定" in client.post("/login/", {"username": "clerk", "password": "不对"}).content.decode()
    response = client.post("/login/", {"username": "clerk", "password": password})
    assert response.status_code == 429
    assert "请过一段时间（默认半小时）再试" in response.content.decode()


def test_logging_in_and_out(client, users, password):
    response = client.post("/login/", {"username": "office", "password": password})
    assert response["Location"] == "/"
    assert client.post("/logout/")["Location"] == "/login/"


@pytest.mark.parametrize("page", ["/login/", *HTML])
def test_no_page_names_another_server_or_holds_inline_code(as_user, snapshot, assert_closed, page):
    client = as_user("office")
    if page == "/login/":
        client.logout()
    response = client.get(page, follow=True)
    assert response.status_code == 200
    assert_closed(response)


@pytest.mark.parametrize(
    ("page", "status", "words"),
    [
        ("/registers/nothing/", 404, "没有这一页"),
        ("/figures/aid.nothing/", 404, "没有这一页"),
        ("/figures/aid.registered_poor_pupils/?phase=nothing", 404, "没有这一页"),
        ("/reports/half_year/never/", 404, "没有这一页"),
        ("/nowhere/", 404, "没有这一页"),
    ],
)
def test_a_wrong_address_says_what_to_do(as_user, snapshot, page, status, words):
    response = as_user("office").get(page)
    assert response.status_code == status
    assert words in response.content.decode()
    assert NAVIGATION in response.content.decode()


def test_a_page_that_is_refused_leaves_a_user_the_navigation_and_shows_a_stranger_none(as_user, client):
    refused = as_user("clerk").get("/accounts/")
    assert refused.status_code == 403
    assert NAVIGATION in refused.content.decode()
    client.logout()
    missing = client.get("/nowhere/")
    assert missing.status_code == 404
    assert NAVIGATION not in missing.content.decode()


def test_without_a_snapshot_the_pages_say_what_to_do(as_user, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    client = as_user("office")
    for page in ("/", "/figures/", "/figures/aid.registered_poor_pupils/", "/reports/"):
        response = client.get(page)
        assert response.status_code == 200
        assert "开始使用" in response.content.decode()


def test_hostile_addresses_are_answered_in_chinese_and_not_with_an_error(as_user, snapshot):
    client = as_user("office")
    for address in (
        "/figures/enrolment.pupils/?grade=abc",
        "/figures/enrolment.pupils/?grade=²",
        "/reports/half_year/2019H1/?period=a/b",
        "/reports/half_year/2019H9/",
        f"/registers/pupil/?q={'+'.join(['某'] * 1500)}",
    ):
        assert client.get(address).status_code in (200, 302, 404), address


def test_a_section_changes_only_what_its_own_sheets_fill(as_user):
    client = as_user("aid")
    assert client.post("/registers/school/1/", {"name": "x", "reason": "y"}).status_code == 403
    assert client.post("/registers/person/1/", {"reason": "y"}).status_code == 200
