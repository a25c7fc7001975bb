"""`manage.py create_api_token`: a token for a program, printed alone on the last line of standard output."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.accounts.models import Membership, Role, User, Workspace
from apps.accounts.services import token_create, user_create, workspace_create
from apps.core.errors import UserError


class Command(BaseCommand):
    """Makes the user and the workspace as well, if they are missing."""

    help = "Makes an API token and prints it alone on the last line."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the person, the workspace and what the token may do."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--workspace", required=True, metavar="SLUG")
        parser.add_argument("--scopes", default="read,write", help="read, write or both, separated by a comma")
        parser.add_argument("--name", default="Command line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the secret; it is kept nowhere."""
        user = User.objects.filter(email__iexact=options["email"]).first() or user_create(email=options["email"])
        workspace = Workspace.objects.filter(slug=options["workspace"]).first()
        if workspace is None:
            workspace = workspace_create(owner=user, name=options["workspace"], slug=options["workspace"])
        Membership.objects.get_or_create(user=user, workspace=workspace, defaults={"role": Role.EDITOR})
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        try:
            _, secret = token_create(workspace=workspace, user=user, name=options["name"], scopes=scopes)
        except UserError as error:
            raise CommandError(error.message, returncode=2) from error
        self.stdout.write(secret)
