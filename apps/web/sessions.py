"""Ending one of one's own sessions; allauth's page lists them and ends all others at once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.sessions import session_end as end
from apps.web.shell import UserRequest, signed_in


@require_POST
@signed_in
def session_end(request: UserRequest, session_id: int) -> HttpResponse:
    """Sign another browser out."""
    end(session_id=session_id, user=request.user)
    messages.success(request, "That browser is signed out.")
    return redirect("usersessions_list")
