"""What sign-up asks beyond e-mail and password, for local and social accounts alike."""

from typing import Any

from allauth.core import context
from django import forms
from django.conf import settings
from django.http import HttpRequest

from apps.accounts.adapters import forget_invitation, remembered_invitation
from apps.accounts.models import User
from apps.accounts.services import invitation_accept, workspace_create


class SignupForm(forms.Form):
    """The base of allauth's sign-up forms (ACCOUNT_SIGNUP_FORM_CLASS)."""

    name = forms.CharField(
        label="Your name", max_length=150, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )

    def clean(self) -> dict[str, Any]:
        """Where sign-up is by invitation, insist on the invited address."""
        cleaned: dict[str, Any] = super().clean() or {}
        invitation = remembered_invitation(context.request)
        email = str(cleaned.get("email", ""))
        if settings.SIGNUP != "open" and invitation is not None and email.lower() != invitation.email.lower():
            self.add_error("email", f"Your invitation was sent to {invitation.email}: use that address.")
        return cleaned

    def signup(self, request: HttpRequest, user: User) -> None:
        """Give the new user a name and a workspace: the one of the invitation, else one of their own."""
        user.name = self.cleaned_data["name"]
        user.save(update_fields=["name"])
        invitation = remembered_invitation(request)
        forget_invitation(request)
        if invitation is not None and invitation.email.lower() == user.email.lower():
            invitation_accept(invitation=invitation, user=user)
        else:
            workspace_create(owner=user, name=f"{user.name or user.email.split('@')[0]}'s workspace"[:120])
