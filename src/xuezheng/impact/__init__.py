"""What an import would change of what the bureau reports: figures, sentences of reports and targets of the plan, old and new.

Nothing is kept: the workbook is taken into the registers and out again (:mod:`.hypothetical_registers`), and
both states are compared (:mod:`.import_impact`); :mod:`.scenarios` does the same for a policy that is not in force.
"""

from xuezheng.impact.hypothetical_registers import NoPlan
from xuezheng.impact.import_impact import ReplacementPlan, TargetChange, replacement_plan
from xuezheng.impact.sentences import Piece, SentenceChange

__all__ = [
    "NoPlan",
    "Piece",
    "ReplacementPlan",
    "SentenceChange",
    "TargetChange",
    "replacement_plan",
]
