"""Forms about one's own account, workspaces, members and API tokens."""

from datetime import datetime, timedelta

from django import forms

from apps.accounts.models import Membership, Role, Scope, User, Workspace

ROLE_HELP = (
    "Owners manage members and settings, editors add and change documents, reviewers decide what is uncertain, "
    "viewers only look."
)
EXPIRY_DAYS = (("30", "In 30 days"), ("90", "In 90 days"), ("365", "In a year"), ("never", "Never"))


class ProfileForm(forms.ModelForm[User]):
    """The name others see."""

    class Meta:
        model = User
        fields = ("name",)
        help_texts = {"name": "Shown to the other members of your workspaces."}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class WorkspaceForm(forms.ModelForm[Workspace]):
    """A workspace's name."""

    class Meta:
        model = Workspace
        fields = ("name",)
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}


class InvitationForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label="Email address", widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR, help_text=ROLE_HELP)


class RoleForm(forms.ModelForm[Membership]):
    """A member's role."""

    class Meta:
        model = Membership
        fields = ("role",)


class TokenForm(forms.Form):
    """A new API token."""

    name = forms.CharField(
        max_length=80,
        help_text="Which program will use it, such as “scanner in the office”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label="It may", choices=Scope.choices, initial=[Scope.READ], widget=forms.CheckboxSelectMultiple
    )
    expires_in = forms.ChoiceField(label="It expires", choices=EXPIRY_DAYS, initial="90")

    def expires_at(self, now: datetime) -> datetime | None:
        """Return the moment the chosen time is over, or None for never."""
        days = self.cleaned_data["expires_in"]
        return now + timedelta(days=int(days)) if days != "never" else None
