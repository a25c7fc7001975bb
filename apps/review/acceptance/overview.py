"""What stands behind each certificate, for people and programs, with a fixed number of queries."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.classification.engine.certify import Plan
from apps.review.acceptance.selectors import accepted_counts, certificates_now, check_counts
from apps.review.models import Certificate, CertificateState


@dataclass(frozen=True)
class CertificateRow:
    """A certificate with what waits for people, and what it has accepted that still stands so."""

    certificate: Certificate
    waiting_checks: int
    waiting_audits: int
    accepted: int

    @property
    def checks_made(self) -> int:
        """Checks that people have made, in the order they were drawn, without a gap."""
        return int(self.certificate.figures.get("judged", 0))

    @property
    def checks_wrong(self) -> int:
        """Those of them where the machine was wrong."""
        return int(self.certificate.figures.get("errors", 0))

    @property
    def looks_taken(self) -> int:
        """Looks at the checks that are over."""
        return len(self.certificate.looks)

    @property
    def missing(self) -> int | None:
        """How many more checks it takes, about; None where it is certified, or more are wrong than the target allows.

        Before the first check it is what the first look takes.
        """
        if self.certificate.state != CertificateState.COLLECTING:
            return None
        if self.checks_made:
            missing: int | None = self.certificate.figures["missing"]
            return missing
        plan = Plan(target=self.certificate.target_error, alpha=self.certificate.alpha)
        return plan.size(len(self.certificate.looks))

    @property
    def automated_share(self) -> float | None:
        """Share of what was checked that lies above the threshold; None before there is one."""
        threshold = self.certificate.threshold
        return next((row["share"] for row in self.rows if row["threshold"] == threshold), None)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Error against automation: {threshold, share, judged, errors, bound} from the highest threshold down."""
        found: list[dict[str, Any]] = self.certificate.figures.get("rows", [])
        return found


def certificate_rows(*, workspace_id: UUID) -> list[CertificateRow]:
    """Return what holds in a workspace now, by type and field."""
    return rows_of(certificates_now(workspace_id=workspace_id))


def rows_of(certificates: list[Certificate]) -> list[CertificateRow]:
    """Return certificates with what stands behind them."""
    ids = [certificate.pk for certificate in certificates]
    waiting, accepted = check_counts(certificate_ids=ids), accepted_counts(certificate_ids=ids)
    return [
        CertificateRow(
            certificate=certificate,
            waiting_checks=waiting.get(certificate.pk, {}).get("sample", 0),
            waiting_audits=waiting.get(certificate.pk, {}).get("audit", 0),
            accepted=accepted.get(certificate.pk, 0),
        )
        for certificate in certificates
    ]
