"""The effect of an import, or of a hypothetical policy, on figures, judged requirements, sentences of reports and targets of the plan.

Nothing is stored: the workbook is imported in a transaction that is rolled back
(:mod:`.hypothetical_registers`), and both states are compared (:mod:`.import_impact`); :mod:`.scenarios` does
the same for a policy that is not in force.
"""

from xuezheng.impact.hypothetical_registers import NoPlan
from xuezheng.impact.import_impact import ReplacementPlan, TargetChange, replacement_plan
from xuezheng.impact.requirements import RequirementChange
from xuezheng.impact.sentences import Piece, SentenceChange

__all__ = [
    "NoPlan",
    "Piece",
    "ReplacementPlan",
    "RequirementChange",
    "SentenceChange",
    "TargetChange",
    "replacement_plan",
]
