"""The addresses of the page of what needs a person."""

from django.urls import path

from apps.web.attention import views

urlpatterns = [
    path("attention/", views.attention, name="attention"),
    path("attention/retry/", views.retry_all, name="attention_retry_all"),
    path("attention/<uuid:document_id>/retry/", views.retry_one, name="attention_retry"),
    path("attention/<uuid:document_id>/decide/", views.decide, name="attention_decide"),
]
