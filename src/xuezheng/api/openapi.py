"""The OpenAPI document of the JSON interface, generated from the declared operations."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from xuezheng import __version__
from xuezheng.api.declare import Operation, Parameter, text, thing
from xuezheng.api.operations import OPERATIONS

BASE = "/api/v1/"
_REFUSALS = {
    "400": "参数不对",
    "401": "没有令牌，或令牌无效",
    "403": "令牌不能读这一项",
    "404": "没有这个指标或快照",
    "429": "问得太快",
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document as a dict; it contains no data of the district."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "学政接口",
            "version": __version__,
            "description": "只读。令牌在“接口令牌”页建立，写在请求头：Authorization: Bearer xz_……",
        },
        "servers": [{"url": BASE.rstrip("/")}],
        "security": [{"token": []}],
        "paths": {f"/{operation.path}": {"get": _describe(operation)} for operation in OPERATIONS},
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "schemas": {"Refusal": thing(error=text("原因和怎么办"))},
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    content = {"application/json": {"schema": operation.schema}}
    refusal = {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}}
    return {
        "operationId": operation.name,
        "summary": operation.title,
        "description": f"{operation.description}令牌须能读“{operation.scope.label}”。",
        "tags": [str(operation.scope.label)],
        "parameters": [_parameter(operation, parameter) for parameter in operation.parameters],
        "responses": {
            "200": {"description": operation.title, "content": content},
            **{status: {"description": words, "content": refusal} for status, words in _REFUSALS.items()},
        },
    }


def _parameter(operation: Operation, parameter: Parameter) -> dict[str, Any]:
    in_path = operation.is_in_path(parameter)
    parameter_object = {
        "name": parameter.name,
        "in": "path" if in_path else "query",
        "description": parameter.title,
        "required": in_path or parameter.required,
        "schema": parameter.schema,
    }
    return parameter_object | ({"example": parameter.example} if parameter.example else {})


@login_not_required
@require_GET
def openapi(request: HttpRequest) -> JsonResponse:
    """Return the OpenAPI document as JSON; no login is needed."""
    return JsonResponse(document(), json_dumps_params={"ensure_ascii": False})
