"""Experiments: two model versions of a workspace compared by what people say, and what was said."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from apps.classification.models.versions import Arm, ModelVersion
from apps.core.models import WorkspaceModel
from apps.documents.models import Document


class ExperimentMode(models.TextChoices):
    """Which of the two versions a document's type comes from."""

    SHADOW = "SHADOW", "In the shadow"
    LIVE = "LIVE", "On a share of the documents"


class ExperimentState(models.TextChoices):
    """Where an experiment stands."""

    PLANNED = "PLANNED", "Planned"
    RUNNING = "RUNNING", "Running"
    STOPPED = "STOPPED", "Stopped"
    PROMOTED = "PROMOTED", "Promoted"
    ROLLED_BACK = "ROLLED_BACK", "Rolled back"


class Experiment(WorkspaceModel):
    """Control against treatment. Plan and stopping rule are stored before the start; a trigger keeps them as they are.

    The rule: the verdict falls when the evidence reaches 1 / `alpha`, looked at after every outcome; without one it
    ends undecided after `most_outcomes`, which find `difference` with probability `power`.
    """

    family = models.CharField(max_length=60, help_text="What both versions tell, such as `document_type`.")
    name = models.CharField(max_length=80)
    control = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    treatment = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    mode = models.CharField(max_length=6, choices=ExperimentMode.choices)
    share = models.FloatField(null=True, help_text="The treatment's share of the documents; null in the shadow.")
    asked_share = models.FloatField(help_text="Share of the documents about which a person is asked in any case.")
    salt = models.CharField(max_length=32, help_text="What documents are assigned by, together with their ids.")
    alpha = models.FloatField()
    power = models.FloatField()
    expected_rate = models.FloatField(help_text="How often the control is thought to be right.")
    difference = models.FloatField(help_text="The smallest difference of the two rates that is to be found.")
    differing_share = models.FloatField(null=True, help_text="Shadow: documents on which only one is right, thought.")
    most_outcomes = models.PositiveIntegerField(
        help_text="What enters the test at most: judged documents, or in the shadow those on which one of two is right."
    )
    state = models.CharField(max_length=11, choices=ExperimentState.choices, default=ExperimentState.PLANNED)
    by_label = models.CharField(max_length=254, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "family"], condition=Q(state="RUNNING"), name="experiment_one_running"
            ),
            models.CheckConstraint(condition=~Q(control=F("treatment")), name="experiment_of_two"),
            models.CheckConstraint(condition=Q(state__in=ExperimentState.values), name="experiment_state_known"),
            models.CheckConstraint(
                condition=Q(mode="SHADOW", share__isnull=True, differing_share__gt=0, differing_share__lte=1)
                | Q(mode="LIVE", share__gt=0, share__lt=1, differing_share__isnull=True),
                name="experiment_mode_and_share",
            ),
            models.CheckConstraint(condition=Q(asked_share__gt=0, asked_share__lte=1), name="experiment_asks"),
            models.CheckConstraint(
                condition=Q(alpha__gt=0, alpha__lt=1, power__gt=0, power__lt=1, difference__gt=0, most_outcomes__gt=0),
                name="experiment_has_rule",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RUNNING", "PROMOTED", "ROLLED_BACK"]) | Q(started_at__isnull=False),
                name="experiment_started",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExperimentOutcome(WorkspaceModel):
    """The first word of a person on a document of an experiment, and which of the versions was right."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="outcomes")
    document = models.ForeignKey(Document, null=True, on_delete=models.SET_NULL, related_name="+")
    label = models.CharField(max_length=60, help_text="What the person said.")
    arm = models.CharField(max_length=9, choices=Arm.choices, help_text="Whose prediction the document showed.")
    control_right = models.BooleanField(null=True, help_text="Null where the control said nothing.")
    treatment_right = models.BooleanField(null=True, help_text="Null where the treatment said nothing.")
    is_sampled = models.BooleanField(help_text="Asked about whatever the models said.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["experiment", "document"], name="experiment_outcome_once"),
            models.CheckConstraint(
                condition=Q(control_right__isnull=False) | Q(treatment_right__isnull=False),
                name="experiment_outcome_of_one",
            ),
        ]

    def __str__(self) -> str:
        return self.label
