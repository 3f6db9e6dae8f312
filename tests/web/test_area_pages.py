"""The pages that areas have of their own keep to what holds for all pages."""

import pytest
from django.urls import get_resolver, reverse

from xuezheng import registry
from xuezheng.records.models import User
from xuezheng.web.ui.area_pages import area_entries
from xuezheng.web.urls import urlpatterns

WITH_PAGES = {
    area: pages.urlpatterns
    for area, pages in registry.modules("pages").items()
    if hasattr(pages, "urlpatterns")
}
PAGES = [(area, pattern) for area, patterns in WITH_PAGES.items() for pattern in patterns]


def address(area, pattern):
    """The page's address, whatever it is about: a number fits an id, a slug and a text."""
    return reverse(f"{area}:{pattern.name}", kwargs=dict.fromkeys(pattern.pattern.converters, 1))


def test_no_area_takes_an_address_of_the_generic_pages():
    taken = {str(pattern.pattern).split("/")[0] for pattern in urlpatterns}
    assert not taken & WITH_PAGES.keys()


@pytest.mark.parametrize(("area", "pattern"), PAGES, ids=lambda it: getattr(it, "name", it))
def test_a_stranger_is_sent_to_the_login_page(client, area, pattern):
    found = address(area, pattern)
    assert found.startswith(f"/{area}/")
    assert client.get(found)["Location"].startswith("/login/?next=")
    assert client.post(found)["Location"].startswith("/login/?next=")


@pytest.mark.parametrize("area", WITH_PAGES)
def test_the_pages_of_an_area_have_names_of_their_own(area):
    names = [pattern.name for pattern in WITH_PAGES[area]]
    assert all(names)
    assert len(set(names)) == len(names)
    assert area in get_resolver().namespace_dict


@pytest.mark.django_db
def test_a_place_in_the_navigation_leads_to_a_page_and_has_an_icon():
    icons = (registry.folder("aid").parents[1] / "web/static/xuezheng/icons.svg").read_text(encoding="utf-8")
    found = list(area_entries(User(username="办公室", role=User.Role.OFFICE)))
    assert found
    for area, entry in found:
        assert reverse(f"{area}:{entry.view}").startswith(f"/{area}/")
        assert f'<symbol id="{area}"' in icons


@pytest.mark.parametrize(
    ("name", "shown"), [("office", True), ("aid", True), ("leader", False), ("clerk", False)]
)
def test_the_navigation_shows_an_area_s_place_to_those_whom_it_is_for(as_user, name, shown):
    page = as_user(name).get("/registers/").content.decode()
    assert ('href="/aid/payments/"' in page) == shown


def test_the_place_of_an_area_is_marked_on_its_pages(as_user):
    page = as_user("aid").get("/aid/payments/").content.decode()
    assert '<a class="nav-link" href="/aid/payments/" aria-current="page">' in page
    assert page.count('aria-current="page"') == 1
