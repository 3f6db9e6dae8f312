"""The models of preschool education: forms of kindergartens, their classes, the county's numbers, and items of the evaluation."""

from xuezheng.areas.preschool.models.county import CountyYear, SelfEvaluation
from xuezheng.areas.preschool.models.kindergartens import Kindergarten, KindergartenClass

__all__ = ["CountyYear", "Kindergarten", "KindergartenClass", "SelfEvaluation"]
