"""The addresses of the pages about learning."""

from django.urls import path

from apps.web.learning import views

urlpatterns = [
    path("learning/", views.refit_list, name="refit_list"),
    path("learning/look-again/", views.refit_look_again, name="refit_look_again"),
    path("learning/<uuid:refit_id>/", views.refit_detail, name="refit_detail"),
    path("learning/<uuid:refit_id>/undo/", views.refit_take_back, name="refit_take_back"),
    path("documents/<uuid:document_id>/learned/", views.document_learned, name="document_learned"),
]
