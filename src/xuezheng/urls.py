"""The addresses of the system: all pages are those of ``web``."""

from django.urls import include, path

urlpatterns = [path("", include("xuezheng.web.urls"))]
