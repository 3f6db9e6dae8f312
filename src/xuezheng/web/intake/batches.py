"""The page of one import: its rows, the explanations given for it, and the button to undo it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.intake import UndoRefused, undo
from xuezheng.records.models import Batch
from xuezheng.web.security.requests import UserRequest

_SHOWN = 200


@never_cache
@require_http_methods(["GET", "POST"])
def batch(request: UserRequest, number: int) -> HttpResponse:
    """Show the import ``number``; a POST undoes it, or lists the rows that prevent this.

    Raises ``Http404`` for an import that the user may not see, ``PermissionDenied`` for a POST by a user who
    may not undo it.
    """
    visible = Batch.objects.visible_to(request.user).select_related("made_by", "undone_by")
    made = get_object_or_404(visible, pk=number)
    may_undo = made.may_be_undone_by(request.user)
    context = {
        "batch": made,
        "may_undo": may_undo and made.undone_at is None,
        "explanations": made.explanations.select_related("made_by"),
    }
    if request.method == "POST":
        if not may_undo:
            raise PermissionDenied
        try:
            messages.success(request, undo(number, request.user).sentence())
        except UndoRefused as refusal:
            obstacles = refusal.obstacles
            context |= {
                "refusal": str(refusal),
                "obstacles": obstacles[:_SHOWN],
                "further": max(len(obstacles) - _SHOWN, 0),
            }
        else:
            return redirect("web:batch", number)
    return render(request, "web/batch.html", context)
