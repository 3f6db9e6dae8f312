"""The registers of the engine."""

from xuezheng.records.models.accounts import User
from xuezheng.records.models.base import Record, register, registers
from xuezheng.records.models.batches import Batch
from xuezheng.records.models.district import ClassGroup, District, School, Stage, Term
from xuezheng.records.models.people import Person, PersonCategory, Pupil, Sex, StaffMember

__all__ = [
    "Batch",
    "ClassGroup",
    "District",
    "Person",
    "PersonCategory",
    "Pupil",
    "Record",
    "School",
    "Sex",
    "StaffMember",
    "Stage",
    "Term",
    "User",
    "register",
    "registers",
]
