"""Tables of questions, decisions, warnings and the clerk's states, and of what is accepted without a person."""

from apps.review.models.acceptance import (
    AcceptPolicy,
    Certificate,
    CertificateState,
    SpotCheck,
    SpotCheckKind,
    SpotCheckOutcome,
)
from apps.review.models.questions import (
    Accounting,
    AccountingState,
    Correction,
    DocumentWarning,
    ReviewTask,
    TaskKind,
    TaskPurpose,
    WarningKind,
)

__all__ = [
    "AcceptPolicy",
    "Accounting",
    "AccountingState",
    "Certificate",
    "CertificateState",
    "Correction",
    "DocumentWarning",
    "ReviewTask",
    "SpotCheck",
    "SpotCheckKind",
    "SpotCheckOutcome",
    "TaskKind",
    "TaskPurpose",
    "WarningKind",
]
