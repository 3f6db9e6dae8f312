"""Measures other than counts and sums, as expressions for a figure's ``value``."""

from __future__ import annotations

from typing import TypeVar

import ibis

#: An ibis expression on a table, or a deferred one such as ``_.amount``.
Expression = TypeVar("Expression", ibis.Value, ibis.Deferred)


def weighted_cv(value: Expression, weight: Expression) -> Expression:
    """Return the coefficient of variation of ``value`` over rows, weighted by ``weight`` (差异系数).

    The result is an expression. For rows that are schools weighted by their pupils: with Pᵢ the weight and Xᵢ
    the value of school i, PN = ΣPᵢ, X̄ = ΣPᵢXᵢ / PN, the result is CV = √(Σ(Pᵢ/PN)(Xᵢ − X̄)²) / X̄. Rows
    without value or weight do not count; NULL if none is left or the mean is zero. Source: 教督〔2017〕6号.
    """
    counts = value.notnull() & weight.notnull()
    weights = weight.sum(where=counts).nullif(0)
    mean = (weight * value).sum(where=counts) / weights
    square = (weight * value * value).sum(where=counts) / weights
    return ibis.greatest(square - mean * mean, 0.0).sqrt() / mean.nullif(0)
