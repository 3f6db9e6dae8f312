"""Closed choices: values that belong to the program itself, as the states of a procedure do."""

from django.db import models


class ClosedChoices(models.TextChoices):
    """Choices on which program code depends, such as states, verdicts or sexes.

    No bureau and no year changes them. Choices that a bureau or a year may change are a code list instead
    (:class:`xuezheng.records.fields.CodeField`).
    """
