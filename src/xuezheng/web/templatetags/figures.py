"""What stands of the figures on pages that are not theirs: what the reader has pinned, and what of the plan is at risk."""

from typing import Any

from django import template

from xuezheng.snapshots import Snapshot, SnapshotFault
from xuezheng.web.alerts import alerts
from xuezheng.web.pages import dashboards
from xuezheng.web.pins import pinned

register = template.Library()


@register.inclusion_tag("web/own_figures.html", takes_context=True)
def own_figures(context: dict[str, Any]) -> dict[str, Any]:
    """Show the reader's pins and alerts, and the way to the own dashboard; nothing where no snapshot tells them."""
    user = context["request"].user
    shown = {"csrf_token": context.get("csrf_token"), "boards": dashboards(user)}
    try:
        snapshot = Snapshot.latest()
        return shown | {"pins": pinned(user, snapshot), "alerts": alerts(user, snapshot)}
    except SnapshotFault:
        return shown
