"""The page on which the administrator switches off the areas and registers that the bureau does not use."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng import registry
from xuezheng.records import switches
from xuezheng.records.models import Switch
from xuezheng.records.permissions import require
from xuezheng.records.switches import SwitchRefused
from xuezheng.web.security.requests import UserRequest

_SHOWN = 30  # switchings in the history on the page


@never_cache
@require_http_methods(["GET", "POST"])
def areas_in_use(request: UserRequest) -> HttpResponse:
    """List the areas and their registers; a POST switches one of them off or on and redirects to the list.

    The POST has ``name``, the name of an area or register, and ``used``: "yes" switches it on, anything else
    off.
    """
    require(request.user, "switch", "area")
    if request.method == "POST":
        used = request.POST.get("used") == "yes"
        try:
            made = switches.switch(request.POST.get("name", ""), used, request.user)
        except SwitchRefused as refused:
            messages.error(request, str(refused))
        else:
            done = "已启用" if used else "已停用"
            messages.success(
                request, f"{done}，下一次生成快照起报告按它写。" if made else "原来就是这样，没有再改。"
            )
        return redirect("web:areas_in_use")
    switched_off, own = switches.unused(), switches.own_registers()
    registers: dict[str, list[tuple[str, str, bool]]] = {}
    for name, model in own.items():
        line = name, str(model._meta.verbose_name), name not in switched_off
        registers.setdefault(model._meta.app_label, []).append(line)
    areas = registry.areas()
    titles = {name: area.title for name, area in areas.items()}
    titles |= {name: str(model._meta.verbose_name) for name, model in own.items()}
    history = Switch.objects.order_by("-pk").select_related("made_by")[:_SHOWN]
    context = {
        "areas": [
            (name, area, name not in switched_off, registers.get(name, [])) for name, area in areas.items()
        ],
        "history": [(titles.get(made.name, made.name), made) for made in history],
    }
    return render(request, "web/areas_in_use.html", context)
