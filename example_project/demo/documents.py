"""Every document of the demo, by its key."""

from __future__ import annotations

from .practice_documents import (
    APPOINTMENTS_LEAFLET,
    APPOINTMENTS_PATHWAY,
    APPOINTMENTS_PROTOCOL,
    DISAGREEMENTS_PROTOCOL,
    REFERRAL_GUIDANCE,
)
from .review_documents import (
    CHILD_C_REPORT,
    CHILD_H_REPORT,
    CHILD_K_BRIEFING,
    CHILD_M_SUMMARY,
    CHILD_R_ACTION_PLAN,
    CHILD_R_REPORT,
)

DOCUMENTS = {
    document.key: document
    for document in (
        REFERRAL_GUIDANCE,
        CHILD_K_BRIEFING,
        APPOINTMENTS_PROTOCOL,
        APPOINTMENTS_PATHWAY,
        APPOINTMENTS_LEAFLET,
        CHILD_R_REPORT,
        CHILD_R_ACTION_PLAN,
        CHILD_C_REPORT,
        CHILD_M_SUMMARY,
        CHILD_H_REPORT,
        DISAGREEMENTS_PROTOCOL,
    )
}
