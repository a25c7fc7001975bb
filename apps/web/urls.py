"""The addresses of the HTML pages."""

from django.urls import URLPattern

from apps.web import account_urls
from apps.web.acceptance import urls as acceptance_urls
from apps.web.attention import urls as attention_urls
from apps.web.bundles import urls as bundle_urls
from apps.web.dashboard import urls as dashboard_urls
from apps.web.documents import urls as document_urls
from apps.web.experiments import urls as experiment_urls
from apps.web.exports import urls as export_urls
from apps.web.fields import urls as field_urls
from apps.web.labels import urls as label_urls
from apps.web.learning import urls as learning_urls
from apps.web.organisations import urls as organisation_urls
from apps.web.registry import urls as registry_urls
from apps.web.reruns import urls as rerun_urls
from apps.web.schemas import urls as schema_urls
from apps.web.search import urls as search_urls
from apps.web.tags import urls as tag_urls

app_name = "web"
urlpatterns: list[URLPattern] = [
    *dashboard_urls.urlpatterns,
    *account_urls.urlpatterns,
    *bundle_urls.urlpatterns,  # before a document's tabs, whose address takes any name
    *acceptance_urls.urlpatterns,
    *field_urls.urlpatterns,
    *learning_urls.urlpatterns,
    *rerun_urls.urlpatterns,
    *tag_urls.urlpatterns,
    *document_urls.urlpatterns,
    *schema_urls.urlpatterns,
    *registry_urls.urlpatterns,
    *experiment_urls.urlpatterns,
    *label_urls.urlpatterns,
    *export_urls.urlpatterns,
    *organisation_urls.urlpatterns,
    *search_urls.urlpatterns,
    *attention_urls.urlpatterns,
]
