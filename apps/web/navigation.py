"""The links of the sidebar and of the account pages."""

from dataclasses import dataclass, field

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from apps.accounts.models import Membership, User
from apps.accounts.policy import ALLOWED, Action
from apps.documents.models import DocumentStatus
from apps.documents.selectors import status_counts

SEARCH, UPLOAD, API_DOCS = "web:search", "web:document_upload", "api-docs"


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


def address(name: str) -> str:
    """Return a page's address, or nothing where the page is not part of this installation."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _links(*links: Link) -> list[Link]:
    return [link for link in links if link.url]


def _mark_current(links: list[Link], path: str) -> None:
    """Mark the link with the longest address that the path starts with; "/" stands for itself only."""
    hits = [link for link in links if link.url == path or (link.url != "/" and path.startswith(link.url))]
    for link in sorted(hits, key=lambda link: len(link.url))[-1:]:
        link.is_current = True


def _attention_count(membership: Membership) -> int:
    counts = status_counts(user=membership.user, workspace_id=membership.workspace_id)
    return counts.get(DocumentStatus.FAILED, 0) + counts.get(DocumentStatus.PARTIAL, 0)


def _document_links(membership: Membership) -> list[Link]:
    return _links(
        Link("Dashboard", "layout-dashboard", address("web:dashboard")),
        Link("Documents", "file-text", address("web:document_list")),
        Link("Search", "search", address(SEARCH)),
        Link(
            "Needs attention",
            "alert-triangle",
            address("web:attention"),
            count=_attention_count(membership),
            is_urgent=True,
        ),
        Link("Trash", "trash", address("web:trash")),
    )


def _workspace_links(membership: Membership) -> list[Link]:
    links = [Link("Members", "users", reverse("web:member_list")), Link("API tokens", "key", reverse("web:token_list"))]
    if Action.MANAGE in ALLOWED[membership.role]:
        links.insert(0, Link("Settings", "settings", reverse("web:workspace_settings")))
    return links


def navigation_of(request: HttpRequest, user: User, membership: Membership | None) -> list[Group]:
    """Return what the sidebar shows to this person."""
    groups = []
    if membership is not None:
        groups = [Group("", _document_links(membership)), Group("Workspace", _workspace_links(membership))]
    system = _links(Link("API docs", "api", address(API_DOCS)))
    if user.is_staff:
        system.insert(0, Link("Admin", "server", reverse("admin:index")))
    if system:
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
    ]
    if any(app.startswith("allauth.socialaccount.providers.") for app in settings.INSTALLED_APPS):
        links.append(Link("Connections", "plug", reverse("socialaccount_connections")))
    _mark_current(links, request.path)
    return links
