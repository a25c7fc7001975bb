"""Figures of the pipeline in Prometheus' text format, counted in the database when they are asked for."""

from django.db import connection
from django.db.models import Count
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from apps.core import heartbeat
from apps.documents.models import Document
from apps.pipeline.models import LIVE_STEP_STATES, StepRun
from apps.pipeline.usage import usage

OLDEST = """
    SELECT queue, extract(epoch FROM now() - min(available_at)) FROM pipeline_steprun
    WHERE state = 'READY' AND available_at <= now() GROUP BY queue
"""


class PipelineCollector(Collector):
    """Counts rows; nothing is kept in memory, so that every web process tells the same."""

    def collect(self) -> list[Metric]:
        """Return all figures."""
        return [self._documents(), self._steps(), self._oldest(), self._processes(), *self._encoder()]

    def _documents(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("docintel_documents", "Documents outside the trash by status", labels=["status"])
        rows = Document.objects.filter(deleted_at=None).order_by().values("status").annotate(count=Count("id"))
        for row in rows:
            family.add_metric([row["status"].lower()], row["count"])
        return family

    def _steps(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "docintel_steps", "Parts of steps that are ready or running", labels=["step", "state"]
        )
        rows = StepRun.objects.filter(state__in=LIVE_STEP_STATES).order_by().values("step", "state")
        for row in rows.annotate(count=Count("id")):
            family.add_metric([row["step"], row["state"].lower()], row["count"])
        return family

    def _oldest(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily(
            "docintel_oldest_ready_seconds", "Age of the oldest part that waits for a worker", labels=["queue"]
        )
        with connection.cursor() as cursor:
            cursor.execute(OLDEST)
            for queue, age in cursor.fetchall():
                family.add_metric([queue], float(age))
        return family

    def _processes(self) -> GaugeMetricFamily:
        family = GaugeMetricFamily("docintel_processes", "Live processes by kind", labels=["kind"])
        for kind in ("reading", "encoder", "scheduler"):
            family.add_metric([kind], heartbeat.alive(kind))
        return family

    def _encoder(self) -> list[Metric]:
        counted = usage()
        on_device = GaugeMetricFamily(
            "docintel_encoder_device_memory_bytes",
            "Memory of a card that the encoder worker's tensors take, by what it computes on; 0 on a CPU",
            labels=["device", "format"],
        )
        if counted.device:
            on_device.add_metric([counted.device, counted.number_format], counted.device_memory)
        return [
            CounterMetricFamily("docintel_encoder_tokens", "Tokens that the encoder made vectors of", counted.tokens),
            CounterMetricFamily("docintel_encoder_seconds", "Seconds that it computed for them", counted.seconds),
            GaugeMetricFamily("docintel_encoder_memory_bytes", "Memory of the encoder worker", counted.memory),
            on_device,
        ]


def exposition() -> bytes:
    """Return all figures as text."""
    registry = CollectorRegistry()
    registry.register(PipelineCollector())
    return generate_latest(registry)
