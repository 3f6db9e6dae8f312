"""Closed choices: values that belong to the program itself, as the states of a procedure do."""

from django.db import models


class ClosedChoices(models.TextChoices):
    """Values of which code decides what follows: states, verdicts, sexes; no bureau and no year changes them.

    What a bureau or a year may change is a code list instead (:class:`xuezheng.records.fields.CodeField`). A subclass says in its docstring why it
    is closed where that is not plain.
    """
