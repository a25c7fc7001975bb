"""One's own account; allauth has the pages for e-mail, password and second factors."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from apps.accounts.services import user_rename
from apps.web.forms.accounts import ProfileForm
from apps.web.shell import UserRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def profile(request: UserRequest) -> HttpResponse:
    """Show and change one's name."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user_rename(user=request.user, name=form.cleaned_data["name"])
        messages.success(request, "Your profile was saved.")
        return redirect("web:profile")
    return render(request, "account/profile.html", {"form": form})
