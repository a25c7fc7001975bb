"""The form of a policy: what people write in per cent."""

from django import forms
from django.http import QueryDict

from apps.review.acceptance.policies import LEAST_TARGET, MOST_TARGET, PolicyDraft
from apps.review.models import AcceptPolicy


def _percent(label: str, help_text: str, *, least: float, most: float, required: bool = True) -> forms.FloatField:
    return forms.FloatField(label=label, help_text=help_text, min_value=least, max_value=most, required=required)


class PolicyForm(forms.Form):
    """How often machines may be wrong where nobody looks."""

    target_error = _percent(
        "At most so many may be wrong, %",
        "Of what is accepted without a person. Leave it empty, and nothing is. Another number starts every certificate "
        "anew, with checks of its own.",
        least=100 * LEAST_TARGET,
        most=100 * MOST_TARGET,
        required=False,
    )
    sample_share = _percent(
        "Documents that a person checks to learn this, %",
        "Drawn at random, whatever the score. The more, the sooner something is automatic; lower it afterwards.",
        least=1,
        most=100,
    )
    audit_share = _percent(
        "Of what is accepted, checked all the same, %",
        "Drawn at random. Too many errors among them suspend the certificate.",
        least=1,
        most=100,
    )

    def __init__(self, data: QueryDict | None, *, policy: AcceptPolicy) -> None:
        """Start from the policy as it is."""
        shares = {name: getattr(policy, name) for name in self.base_fields}
        super().__init__(data, initial={name: _written(share) for name, share in shares.items() if share is not None})

    def draft(self) -> PolicyDraft:
        """Return what a valid form asks for, per cent as shares."""
        target = self.cleaned_data["target_error"]
        return PolicyDraft(
            target_error=None if target is None else target / 100,
            sample_share=self.cleaned_data["sample_share"] / 100,
            audit_share=self.cleaned_data["audit_share"] / 100,
        )


def _written(share: float) -> str:
    return f"{round(100 * share, 3):g}"
