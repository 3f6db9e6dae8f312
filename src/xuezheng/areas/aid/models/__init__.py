"""What the aid office keeps: who ought to get what and got it, the funds, and how each payment came about."""

from xuezheng.areas.aid.models.awards import Allocation, Award, Entitlement, LivelihoodProject
from xuezheng.areas.aid.models.payments import (
    EDGES,
    Account,
    Budget,
    Payment,
    PaymentBatch,
    PaymentList,
    Step,
    may_pay,
    payers,
)

__all__ = [
    "EDGES",
    "Account",
    "Allocation",
    "Award",
    "Budget",
    "Entitlement",
    "LivelihoodProject",
    "Payment",
    "PaymentBatch",
    "PaymentList",
    "Step",
    "may_pay",
    "payers",
]
