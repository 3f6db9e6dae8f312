"""The stages of compulsory education, as choices of model fields."""

from __future__ import annotations

from xuezheng.records.models import Stage

#: Choices of a field for a stage of compulsory education.
COMPULSORY = [(Stage.PRIMARY, "小学"), (Stage.JUNIOR, "初中")]
