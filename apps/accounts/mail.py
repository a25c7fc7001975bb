"""The e-mails that docintel itself writes about accounts; allauth writes the others."""

from django.core.mail import send_mail
from django.template.loader import render_to_string

from apps.accounts.models import Invitation


def send_invitation(*, invitation: Invitation, link: str) -> None:
    """Send the link that lets somebody join a workspace."""
    context = {"invitation": invitation, "link": link}
    send_mail(
        subject=" ".join(f"Join {invitation.workspace.name} on docintel".split()),  # a header is one line
        message=render_to_string("workspaces/email/invitation.txt", context),
        from_email=None,
        recipient_list=[invitation.email],
    )
