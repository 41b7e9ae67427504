"""Correction list."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from articles.exports.feeds import feed_links
from articles.models import Correction
from articles.pagination import BadCursorError, paginate


def correction_list(request: HttpRequest) -> HttpResponse:
    """Show /corrections/, newest first. One query."""
    problem, page = "", None
    try:
        page = paginate(Correction.objects.public().for_list().newest_first(), request.GET.get("page", ""))
    except BadCursorError as error:
        problem = str(error)
    context = {"feeds": feed_links(request.path, _("Corrections")), "page": page, "problem": problem}
    return render(request, "corrections.html", context, status=400 if problem else 200)
