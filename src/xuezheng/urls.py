"""The addresses of the system: the pages of ``web``, the interface for programs, and the pages that areas have of their own."""

from django.urls import include, path

from xuezheng.web.ui.area_pages import area_addresses

handler500 = "xuezheng.web.serving.error_pages.server_error"
urlpatterns = [
    path("", include("xuezheng.web.urls")),
    path("", include("xuezheng.api.urls")),
    *area_addresses(),
]
