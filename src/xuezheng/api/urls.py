"""The URL patterns of the JSON interface, and of the pages about it."""

from django.urls import path

from xuezheng.api.answering import view_of
from xuezheng.api.openapi import BASE, openapi
from xuezheng.api.operations import OPERATIONS
from xuezheng.api.pages import api, tokens

app_name = "api"
urlpatterns = [
    path("api/", api, name="start"),
    path("api/tokens/", tokens, name="tokens"),
    path(f"{BASE[1:]}openapi.json", openapi, name="document"),
    *(path(BASE[1:] + operation.route, view_of(operation), name=operation.name) for operation in OPERATIONS),
]
