"""The addresses of the pages about experiments."""

from django.urls import path

from apps.web.experiments import views

urlpatterns = [
    path("experiments/", views.experiment_list, name="experiment_list"),
    path("experiments/new/", views.experiment_new, name="experiment_new"),
    path("experiments/<uuid:experiment_id>/", views.experiment_detail, name="experiment_detail"),
    path("experiments/<uuid:experiment_id>/start/", views.experiment_begin, name="experiment_start"),
    path("experiments/<uuid:experiment_id>/stop/", views.experiment_end, name="experiment_stop"),
    path("experiments/<uuid:experiment_id>/promote/", views.experiment_put_to_use, name="experiment_promote"),
    path("experiments/<uuid:experiment_id>/roll-back/", views.experiment_go_back, name="experiment_roll_back"),
]
