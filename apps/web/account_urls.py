"""The addresses of the account and workspace pages."""

from django.urls import path

from apps.web import accounts, sessions, tokens, workspaces

urlpatterns = [
    path("profile/", accounts.profile, name="profile"),
    path("profile/sessions/<int:session_id>/end/", sessions.session_end, name="session_end"),
    path("workspaces/new/", workspaces.create, name="workspace_create"),
    path("workspaces/switch/", workspaces.switch, name="workspace_switch"),
    path("workspace/settings/", workspaces.settings, name="workspace_settings"),
    path("workspace/members/", workspaces.members, name="member_list"),
    path("workspace/members/<uuid:membership_id>/role/", workspaces.member_role, name="member_role"),
    path("workspace/members/<uuid:membership_id>/remove/", workspaces.member_delete, name="member_remove"),
    path("workspace/invitations/", workspaces.invitation_create, name="invitation_create"),
    path("workspace/invitations/<uuid:invitation_id>/revoke/", workspaces.invitation_delete, name="invitation_revoke"),
    path("workspace/tokens/", tokens.tokens, name="token_list"),
    path("workspace/tokens/<uuid:token_id>/revoke/", tokens.token_delete, name="token_revoke"),
    path("invitations/<str:secret>/", workspaces.invitation_accept_page, name="invitation_accept"),
]
