"""Accounts in the admin site."""

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from apps.accounts.models import ApiToken, Invitation, Membership, User, Workspace


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """People."""

    list_display = ("email", "name", "is_active", "is_staff", "last_login", "date_joined")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)


class MembershipInline(admin.TabularInline[Membership, Workspace]):
    """A workspace's members."""

    model = Membership
    extra = 0
    autocomplete_fields: ClassVar = ["user"]


@admin.register(Workspace)
class WorkspaceAdmin(admin.ModelAdmin[Workspace]):
    """Workspaces with their members."""

    list_display = ("name", "slug", "created_at")
    search_fields = ("name", "slug")
    inlines: ClassVar = [MembershipInline]


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Who is where, as what."""

    list_display = ("user", "workspace", "role", "created_at")
    list_filter = ("role", "workspace")
    search_fields = ("user__email", "workspace__name")
    autocomplete_fields: ClassVar = ["user", "workspace"]


@admin.register(Invitation)
class InvitationAdmin(admin.ModelAdmin[Invitation]):
    """Invitations: history, made in the product and not here."""

    list_display = ("email", "workspace", "role", "expires_at", "accepted_at")
    list_filter = ("role", "accepted_at")
    search_fields = ("email", "workspace__name")
    exclude = ("secret_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid: an invitation's secret is shown only to the one who invites."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Forbid: history."""
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin[ApiToken]):
    """Tokens: can be revoked (deleted) here, never made or changed."""

    list_display = ("name", "secret_start", "workspace", "user", "scopes", "expires_at", "last_used_at")
    list_filter = ("workspace",)
    search_fields = ("name", "user__email", "secret_start")
    exclude = ("secret_hash",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Forbid: a secret is shown only to the one it is made for."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        """Forbid: make a new token instead."""
        return False
