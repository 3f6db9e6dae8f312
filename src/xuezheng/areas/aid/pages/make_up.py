"""The page of make-up payments: what awards lack after a retroactive rise of a rate, and the list that pays it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.areas.aid.arrears import shortfalls
from xuezheng.areas.aid.pages.form_input import report_refusals
from xuezheng.areas.aid.pages.payments import PER_PAGE, PURPOSE
from xuezheng.areas.aid.procedures.differences import propose_make_up
from xuezheng.policy.current import read_once
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Term
from xuezheng.records.permissions import require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.parameters import parse_number


@never_cache
@require_http_methods(["GET", "POST"])
def make_up(request: UserRequest) -> HttpResponse:
    """Show which paid awards of a programme and term are less than the current rates give.

    A POST puts the differences on a list for approval and opens it. The parameters are ``programme``, a code,
    and ``term``, a primary key; without both, only the form is shown. Raises ``PermissionDenied`` where the
    user may not handle payments, ``Http404`` for an unknown programme or term.
    """
    require(request.user, "handle", "aid.payment")
    form = request.POST if request.method == "POST" else request.GET
    programme, key = form.get("programme", ""), parse_number(form.get("term"))
    context = {
        "programmes": code_list("aid.programme").choices,
        "terms": Term.objects.order_by("-starts_on"),
        "programme": programme,
        "term": key,
    }
    if not programme and not key:
        return render(request, "aid/make_up.html", context)
    term = get_object_or_404(Term, pk=key)
    if programme not in code_list("aid.programme").codes:
        raise Http404("没有这个资助项目。")
    if request.method == "POST":
        with report_refusals(request):
            made, sentence = propose_make_up(programme, term, request.user, request.POST.get("reason", ""))
            messages.success(request, sentence)
            return redirect("aid:list", made.pk)
    with read_once():
        made_up = shortfalls(programme, term)
    page = Paginator(made_up.payable, PER_PAGE).get_page(request.GET.get("page"))
    people = access_log.persons_in(shortfall.award for shortfall in page)
    access_log.note(request, f"资助：{term.code}应补发", PURPOSE, people)
    return render(request, "aid/make_up.html", {**context, "made_up": made_up, "page": page, "chosen": True})
