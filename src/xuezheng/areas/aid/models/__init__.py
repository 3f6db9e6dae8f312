"""The aid office's models: awards and entitlements, funds, payments with their steps, and recognitions of hardship."""

from xuezheng.areas.aid.models.awards import (
    Allocation,
    Award,
    Entitlement,
    LivelihoodProject,
    programme_label,
    school_type,
)
from xuezheng.areas.aid.models.calendar import CalendarDay
from xuezheng.areas.aid.models.payments import (
    PAYMENT_TRANSITIONS,
    Account,
    Budget,
    Payment,
    PaymentBatch,
    PaymentList,
    Step,
    payers,
)
from xuezheng.areas.aid.models.recognitions import (
    RECOGNITION_TRANSITIONS,
    Notice,
    Recognition,
    RecognitionStep,
    may_recognise,
)

__all__ = [
    "PAYMENT_TRANSITIONS",
    "RECOGNITION_TRANSITIONS",
    "Account",
    "Allocation",
    "Award",
    "Budget",
    "CalendarDay",
    "Entitlement",
    "LivelihoodProject",
    "Notice",
    "Payment",
    "PaymentBatch",
    "PaymentList",
    "Recognition",
    "RecognitionStep",
    "Step",
    "may_recognise",
    "payers",
    "programme_label",
    "school_type",
]
