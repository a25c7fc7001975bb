"""Making, naming and switching workspaces."""

from collections.abc import Callable

from django.test import Client

from apps.accounts.models import Membership, Role, User, Workspace
from apps.accounts.services import member_remove, workspace_create
from apps.core.models import AuditEvent

SignIn = Callable[[User], Client]


def test_owner_renames(sign_in: SignIn, alice: User, workspace: Workspace) -> None:
    response = sign_in(alice).post("/workspace/settings/", {"name": "Accounting"})
    assert response.status_code == 302
    workspace.refresh_from_db()
    assert (workspace.name, workspace.slug) == ("Accounting", "alpha")
    assert AuditEvent.objects.filter(action="workspace.rename", actor_id=alice.pk).exists()


def test_viewer_may_not_rename(sign_in: SignIn, bob: User, workspace: Workspace) -> None:
    client = sign_in(bob)
    assert client.get("/workspace/settings/").status_code == 403
    assert client.post("/workspace/settings/", {"name": "Mine"}).status_code == 403
    workspace.refresh_from_db()
    assert workspace.name == "Alpha"


def test_a_name_is_needed(sign_in: SignIn, alice: User, workspace: Workspace) -> None:
    response = sign_in(alice).post("/workspace/settings/", {"name": " "})
    assert "This field is required." in response.content.decode()
    workspace.refresh_from_db()
    assert workspace.name == "Alpha"


def test_whoever_makes_a_workspace_owns_it_and_is_in_it(sign_in: SignIn, bob: User) -> None:
    client = sign_in(bob)
    assert client.post("/workspaces/new/", {"name": "Bob's own"}).status_code == 302
    made = Membership.objects.get(user=bob, workspace__name="Bob's own")
    assert made.role == Role.OWNER
    assert client.session["workspace_id"] == str(made.workspace_id)


def test_switching_lasts_and_stays_within_ones_own(
    sign_in: SignIn, alice: User, charlie: User, workspace: Workspace
) -> None:
    second = workspace_create(owner=alice, name="Second")
    client = sign_in(alice)
    assert "Alpha" in client.get("/workspace/members/").content.decode()
    assert client.post("/workspaces/switch/", {"workspace": str(second.pk)}).status_code == 302
    assert "of Second." in client.get("/workspace/members/").content.decode()
    gamma = Workspace.objects.get(memberships__user=charlie)
    for wrong in (str(gamma.pk), "nonsense", ""):
        assert client.post("/workspaces/switch/", {"workspace": wrong}).status_code == 404
    assert "of Second." in client.get("/workspace/members/").content.decode()


def test_somebody_without_a_workspace_is_sent_to_make_one(sign_in: SignIn, bob: User) -> None:
    member_remove(membership=Membership.objects.get(user=bob), by=bob)
    response = sign_in(bob).get("/workspace/members/")
    assert (response.status_code, response["Location"]) == (302, "/workspaces/new/")


def test_strangers_are_sent_to_sign_in(client: Client, workspace: Workspace) -> None:
    for path in ("/profile/", "/workspaces/new/", "/workspace/settings/", "/workspace/members/", "/workspace/tokens/"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


def test_profile_changes_the_name_only(sign_in: SignIn, bob: User) -> None:
    client = sign_in(bob)
    assert (
        client.post("/profile/", {"name": "Bob Baker", "email": "root@example.org", "is_staff": "on"}).status_code
        == 302
    )
    bob.refresh_from_db()
    assert (bob.name, bob.email, bob.is_staff) == ("Bob Baker", "bob@example.org", False)
    assert "Bob Baker" in client.get("/profile/").content.decode()
