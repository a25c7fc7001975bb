"""The links of the sidebar and of the account pages."""

from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse

from apps.accounts.models import Membership, User
from apps.accounts.policy import ALLOWED, Action
from apps.core.generations import generation
from apps.documents.models import DocumentStatus
from apps.documents.selectors import visible_to
from apps.review.selectors import open_tasks

TROUBLED = (DocumentStatus.FAILED, DocumentStatus.PARTIAL)
COUNT_LASTS_S = 30


@dataclass
class Link:
    """One link, and whether it leads to the page shown."""

    label: str
    icon: str
    url: str
    is_current: bool = False
    count: int = 0
    is_urgent: bool = False


@dataclass
class Group:
    """Links that belong together; the first group needs no title."""

    title: str
    links: list[Link] = field(default_factory=list)


def _mark_current(links: list[Link], path: str) -> None:
    """Mark the link with the longest address that the path starts with; "/" stands for itself only."""
    hits = [link for link in links if link.url == path or (link.url != "/" and path.startswith(link.url))]
    for link in sorted(hits, key=lambda link: len(link.url))[-1:]:
        link.is_current = True


def _attention_count(membership: Membership) -> int:
    """Count open questions and documents that failed or were read in part; recounted when the workspace changes."""
    user, workspace_id = membership.user, membership.workspace_id

    def counted() -> int:
        troubled = visible_to(user=user, workspace_id=workspace_id).filter(status__in=TROUBLED)
        return troubled.count() + open_tasks(user=user, workspace_id=workspace_id).count()

    key = f"attention:{workspace_id}:{generation(workspace_id)}"
    return int(cache.get_or_set(key, counted, timeout=COUNT_LASTS_S) or 0)


def _document_links(membership: Membership) -> list[Link]:
    attention = _attention_count(membership)
    return [
        Link("Dashboard", "layout-dashboard", reverse("web:dashboard")),
        Link("Documents", "file-text", reverse("web:document_list")),
        Link("Search", "search", reverse("web:search")),
        Link("Needs attention", "alert-triangle", reverse("web:attention"), count=attention, is_urgent=True),
        Link("Organisations", "building", reverse("web:organisation_list")),
        Link("Exports", "file-spreadsheet", reverse("web:export_list")),
        Link("Trash", "trash", reverse("web:trash")),
    ]


def _workspace_links(membership: Membership) -> list[Link]:
    links = [
        Link("Types", "tags", reverse("web:label_list")),
        Link("Tags", "tag", reverse("web:tag_list")),
        Link("Learning", "bulb", reverse("web:refit_list")),
        Link("Auto-accept", "shield-check", reverse("web:auto_accept")),
        Link("Models", "gauge", reverse("web:model_list")),
        Link("Experiments", "chart-line", reverse("web:experiment_list")),
        Link("Re-runs", "refresh", reverse("web:rerun_list")),
        Link("Fields", "list-details", reverse("web:schema_list")),
        Link("Members", "users", reverse("web:member_list")),
        Link("API tokens", "key", reverse("web:token_list")),
    ]
    if Action.MANAGE in ALLOWED[membership.role]:
        links.insert(0, Link("Settings", "settings", reverse("web:workspace_settings")))
    return links


def navigation_of(request: HttpRequest, user: User, membership: Membership | None) -> list[Group]:
    """Return what the sidebar shows to this person."""
    groups = []
    if membership is not None:
        groups = [Group("", _document_links(membership)), Group("Workspace", _workspace_links(membership))]
    system = [Link("API docs", "api", reverse("api-docs"))]
    if user.is_staff:
        system.insert(0, Link("Admin", "server", reverse("admin:index")))
    groups.append(Group("System", system))
    _mark_current([link for group in groups for link in group.links], request.path)
    return groups


def account_tabs(request: HttpRequest) -> list[Link]:
    """Return the tabs over the pages of one's own account."""
    links = [
        Link("Profile", "user", reverse("web:profile")),
        Link("Email", "mail", reverse("account_email")),
        Link("Password", "lock", reverse("account_change_password")),
        Link("Two-factor sign-in", "shield-lock", reverse("mfa_index")),
        Link("Sessions", "device-laptop", reverse("usersessions_list")),
    ]
    if any(app.startswith("allauth.socialaccount.providers.") for app in settings.INSTALLED_APPS):
        links.append(Link("Connections", "plug", reverse("socialaccount_connections")))
    _mark_current(links, request.path)
    return links
