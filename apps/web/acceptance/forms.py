"""The form of a policy: what people write in per cent."""

from django import forms
from django.http import QueryDict

from apps.review.acceptance.policies import LEAST_SHARE, LEAST_TARGET, MOST_TARGET, PolicyDraft
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
        least=100 * LEAST_SHARE,
        most=100,
    )
    audit_share = _percent(
        "Of what is accepted, checked all the same, %",
        "Drawn at random. Too many errors among them suspend the certificate.",
        least=100 * LEAST_SHARE,
        most=100,
    )

    def __init__(self, data: QueryDict | None, *, policy: AcceptPolicy) -> None:
        """Start from the policy as it is."""
        self._shares: dict[str, float | None] = {name: getattr(policy, name) for name in self.base_fields}
        initial = {name: _written(share) for name, share in self._shares.items() if share is not None}
        super().__init__(data, initial=initial)

    def draft(self) -> PolicyDraft:
        """Return what a valid form asks for, per cent as shares.

        What was left alone stays to the last digit, however it is written: another target would begin everything anew.
        """
        has_target = self.cleaned_data["target_error"] is not None
        return PolicyDraft(
            target_error=self._share("target_error") if has_target else None,
            sample_share=self._share("sample_share"),
            audit_share=self._share("audit_share"),
        )

    def _share(self, name: str) -> float:
        share, before = float(self.cleaned_data[name]) / 100, self._shares[name]
        return before if before is not None and _written(before) == _written(share) else share


def _written(share: float) -> str:
    return f"{round(100 * share, 3):g}"
