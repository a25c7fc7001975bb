"""The addresses of the pages about re-runs."""

from django.urls import path

from apps.web.reruns import views

urlpatterns = [
    path("reruns/", views.rerun_list, name="rerun_list"),
    path("reruns/start/", views.rerun_begin, name="rerun_start"),
    path("reruns/<uuid:rerun_id>/", views.rerun_detail, name="rerun_detail"),
    path("reruns/<uuid:rerun_id>/promote/", views.rerun_promote, name="rerun_promote"),
    path("reruns/<uuid:rerun_id>/discard/", views.rerun_discard, name="rerun_discard"),
    path("reruns/<uuid:rerun_id>/<uuid:item_id>/", views.rerun_document, name="rerun_document"),
    path("reruns/<uuid:rerun_id>/<uuid:item_id>/promote/", views.rerun_document_promote, name="rerun_item_promote"),
    path("reruns/<uuid:rerun_id>/<uuid:item_id>/discard/", views.rerun_document_discard, name="rerun_item_discard"),
    path("documents/<uuid:document_id>/beside/", views.document_beside, name="document_beside"),
]
