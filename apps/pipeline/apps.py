"""Django's view of the pipeline app."""

from django.apps import AppConfig


class PipelineConfig(AppConfig):
    """Pipeline."""

    name = "apps.pipeline"
    verbose_name = "Pipeline"
