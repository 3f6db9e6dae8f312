"""The models of balanced education: school conditions, evaluation items, surveys, and plans to pass."""

from xuezheng.areas.balance.models.conditions import Facilities, StageCondition
from xuezheng.areas.balance.models.evaluation import EvaluationItem, Questionnaire
from xuezheng.areas.balance.models.gap_plans import GapPlan

__all__ = ["EvaluationItem", "Facilities", "GapPlan", "Questionnaire", "StageCondition"]
