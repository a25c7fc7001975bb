"""The addresses of what is done to a document's values."""

from django.urls import path

from apps.web.fields import examples, papers, states, views

PREFIX = "documents/<uuid:document_id>/"
urlpatterns = [
    path(f"{PREFIX}values/set/", views.value_set, name="value_set"),
    path(f"{PREFIX}values/choose/", views.value_choose, name="value_choose"),
    path(f"{PREFIX}values/confirm/", views.value_confirm, name="value_confirm"),
    path(f"{PREFIX}values/confirm-all/", views.values_confirm, name="values_confirm"),
    path(f"{PREFIX}values/reject/", views.value_reject, name="value_reject"),
    path(f"{PREFIX}values/new-field/", examples.field_new, name="field_new"),
    path(f"{PREFIX}paper.bib", papers.document_bibtex, name="document_bibtex"),
    path("fields/<slug:document_type>/<slug:key>/", examples.field_proposals, name="field_proposals"),
    path("fields/<slug:document_type>/<slug:key>/decide/", examples.proposal_decide, name="proposal_decide"),
    path(f"{PREFIX}accounting/", states.document_accounting, name="document_accounting"),
    path(f"{PREFIX}warnings/<uuid:warning_id>/dismiss/", states.warning_dismiss, name="warning_dismiss"),
]
