"""The addresses of the pages about tags."""

from django.urls import path

from apps.web.tags import views

urlpatterns = [
    path("tags/", views.tag_list, name="tag_list"),
    path("tags/versions/<uuid:version_id>/", views.tag_version, name="tag_version"),
    path("tags/versions/<uuid:version_id>/activate/", views.tag_version_activate, name="tag_version_activate"),
    path("documents/<uuid:document_id>/decide-tag/", views.document_decide_tag, name="document_decide_tag"),
]
