"""The form of a new experiment: what people write in per cent and points."""

from collections.abc import Sequence

from django import forms
from django.http import QueryDict

from apps.classification.experiments.planning import ExperimentDraft
from apps.classification.experiments.services import LONGEST_NAME
from apps.classification.models import ExperimentMode, ModelVersion

MODES = (
    (ExperimentMode.SHADOW.value, "In the shadow: both look at every document, and only the one in use counts"),
    (ExperimentMode.LIVE.value, "Live: the other one types its share of the documents"),
)


def _percent(label: str, initial: float, help_text: str, *, least: float = 5, most: float = 100) -> forms.FloatField:
    return forms.FloatField(label=label, initial=initial, help_text=help_text, min_value=least, max_value=most)


class ExperimentForm(forms.Form):
    """A new experiment against the version in use."""

    name = forms.CharField(
        max_length=LONGEST_NAME,
        help_text="What you want to know, such as “better since the new invoices?”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    treatment = forms.ChoiceField(label="Compare the version in use with")
    mode = forms.ChoiceField(label="How", choices=MODES, initial=MODES[0][0], widget=forms.RadioSelect)
    difference = _percent(
        "Smallest difference to find, in points", 5, "Smaller ones need many more documents.", least=1, most=99
    )
    expected_rate = _percent("The version in use is right in, %", 90, "About: to plan with.", least=1, most=99)
    differing_share = _percent(
        "In the shadow: documents on which just one of the two is right, %", 10, "About: to plan with.", least=1
    )
    share = _percent("Live: share of the documents for the other one, %", 50, "From 5 to 95.", most=95)
    asked_share = _percent(
        "Documents about which somebody is asked in any case, %",
        100,
        "Drawn by chance. Only they tell how often a version is right: those that a model is unsure of are not like "
        "the others. In the shadow somebody is also asked wherever the two differ.",
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        versions: Sequence[ModelVersion],
        chosen: str,
        expected_rate: float | None,
    ) -> None:
        """Offer versions, one of them chosen, and start from how often the one in use was measured to be right."""
        initial: dict[str, object] = {"treatment": chosen}
        if expected_rate is not None:
            initial["expected_rate"] = round(100 * expected_rate)
        super().__init__(data, initial=initial)
        self._versions = {str(version.pk): version for version in versions}
        choices = [(pk, version.version) for pk, version in self._versions.items()]
        self.fields["treatment"] = forms.ChoiceField(label=self.fields["treatment"].label, choices=choices)

    def draft(self) -> ExperimentDraft:
        """Return what a valid form asks for, per cent as shares."""
        shares = {
            key: self.cleaned_data[key] / 100
            for key in ("difference", "expected_rate", "differing_share", "share", "asked_share")
        }
        return ExperimentDraft(
            name=self.cleaned_data["name"],
            treatment=self._versions[self.cleaned_data["treatment"]],
            mode=ExperimentMode(self.cleaned_data["mode"]),
            **shares,
        )
