"""The address of the search page."""

from django.urls import path

from apps.web.search import views

urlpatterns = [path("search/", views.search_page, name="search")]
