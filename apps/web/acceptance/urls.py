"""The addresses of the pages about auto-accept."""

from django.urls import path

from apps.web.acceptance import views

urlpatterns = [
    path("auto-accept/", views.auto_accept, name="auto_accept"),
    path("auto-accept/policy/", views.policy_change, name="policy_change"),
    path("auto-accept/<uuid:certificate_id>/", views.certificate_detail, name="certificate_detail"),
    path("auto-accept/<uuid:certificate_id>/renew/", views.certificate_anew, name="certificate_renew"),
    path("auto-accept/<uuid:certificate_id>/take-back/", views.certificate_take_back, name="certificate_take_back"),
    path("documents/<uuid:document_id>/acceptance/", views.take_back, name="acceptance_take_back"),
]
