"""Pages of areas and registers that the bureau has switched off: they show the remedy instead of their content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from xuezheng import registry
from xuezheng.figures import catalogue, is_reported
from xuezheng.records.models import registers
from xuezheng.records.switches import is_used, read_once, unused
from xuezheng.web.serving.error_pages import answer
from xuezheng.workbooks import sheet_catalogue


def refuse_unused(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware that answers requests for pages of switched-off areas and registers with 404, the reason and the remedy.

    The switches are read once for each request.
    """

    class Refuse:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            with read_once():
                return get_response(request)

        def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
            if request.resolver_match is None or not request.user.is_authenticated:
                return None
            title = next(_switched_off(request.resolver_match), None)
            if title is None:
                return None
            sentence = f"本单位未启用“{title}”。确需使用的，请联系系统管理员，在“业务和台账的停用”中启用。"
            return answer(request, 404, sentence)

    return Refuse()


def _switched_off(match: ResolverMatch) -> Iterator[str]:
    """Yield the titles of what a page is about and the bureau does not use."""
    areas = registry.areas()
    if match.namespace in areas and match.namespace in unused():
        yield areas[match.namespace].title
    if match.namespace != "web":
        return
    name, values = match.url_name, match.kwargs
    table = registers().get(values.get("model", ""))
    if name == "template" and (sheet := sheet_catalogue.sheets().get(values["title"])):
        table = sheet.model
    if table is not None and not is_used(table, unused()):
        yield str(table._meta.verbose_name)
    figure = catalogue.figures().get(values["key"]) if name in ("figure", "figure_sql") else None
    if figure is not None and not is_reported(figure, unused()):
        yield figure.label
