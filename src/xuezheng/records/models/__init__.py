"""The registers of the engine."""

from xuezheng.records.models.accounts import User
from xuezheng.records.models.base import Record, register, registers
from xuezheng.records.models.batches import Batch
from xuezheng.records.models.collections import Collection, Standing, Submission
from xuezheng.records.models.disclosures import Disclosure
from xuezheng.records.models.district import ClassGroup, District, School, SchoolSite, Stage, Term
from xuezheng.records.models.explanations import ValueExplanation
from xuezheng.records.models.people import Person, PersonCategory, Pupil, Sex, StaffMember
from xuezheng.records.models.work import Attendance, Level, Prize, Subject, Training, WorkEntry

__all__ = [
    "Attendance",
    "Batch",
    "ClassGroup",
    "Collection",
    "Disclosure",
    "District",
    "Level",
    "Person",
    "PersonCategory",
    "Prize",
    "Pupil",
    "Record",
    "School",
    "SchoolSite",
    "Sex",
    "StaffMember",
    "Stage",
    "Standing",
    "Subject",
    "Submission",
    "Term",
    "Training",
    "User",
    "ValueExplanation",
    "WorkEntry",
    "register",
    "registers",
]
