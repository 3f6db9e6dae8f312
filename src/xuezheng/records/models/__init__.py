"""The models of the engine: its registers, accounts, logs and the chain (校验链)."""

from xuezheng.records.models.access_log import Look, Seen
from xuezheng.records.models.account_requests import AccountRequest
from xuezheng.records.models.accounts import AccountChange, Invitation, User
from xuezheng.records.models.announcements import Announcement
from xuezheng.records.models.base import (
    Record,
    check_first_of_month,
    is_register,
    linked_register,
    register,
    registers,
)
from xuezheng.records.models.batches import Batch, LayoutMapping
from xuezheng.records.models.chain import ChainLink
from xuezheng.records.models.collections import Collection, Standing, Submission
from xuezheng.records.models.credentials import (
    ApiToken,
    ExternalIdentity,
    FormerPassword,
    RecoveryCode,
    SecondFactor,
)
from xuezheng.records.models.district import (
    LATITUDE,
    LONGITUDE,
    ClassGroup,
    District,
    School,
    SchoolSite,
    Stage,
    Term,
)
from xuezheng.records.models.enrolment import EnrolmentEvent, EnrolmentState
from xuezheng.records.models.evidence import (
    DocumentPart,
    SupportingDocument,
    TableExplanation,
    ValueExplanation,
)
from xuezheng.records.models.people import Person, PersonCategory, Pupil, Sex, StaffMember
from xuezheng.records.models.switches import Switch
from xuezheng.records.models.work import Attendance, Prize, Training, WorkEntry

__all__ = [
    "LATITUDE",
    "LONGITUDE",
    "AccountChange",
    "AccountRequest",
    "Announcement",
    "ApiToken",
    "Attendance",
    "Batch",
    "ChainLink",
    "ClassGroup",
    "Collection",
    "District",
    "DocumentPart",
    "EnrolmentEvent",
    "EnrolmentState",
    "ExternalIdentity",
    "FormerPassword",
    "Invitation",
    "LayoutMapping",
    "Look",
    "Person",
    "PersonCategory",
    "Prize",
    "Pupil",
    "Record",
    "RecoveryCode",
    "School",
    "SchoolSite",
    "SecondFactor",
    "Seen",
    "Sex",
    "StaffMember",
    "Stage",
    "Standing",
    "Submission",
    "SupportingDocument",
    "Switch",
    "TableExplanation",
    "Term",
    "Training",
    "User",
    "ValueExplanation",
    "WorkEntry",
    "check_first_of_month",
    "is_register",
    "linked_register",
    "register",
    "registers",
]
