"""Filters of the pages about experiments: shares, evidence."""

from django import template

from apps.classification.experiments.planning import Plan

register = template.Library()


@register.filter
def per_cent(share: float | None) -> str:
    """Write a share or a difference of shares in per cent or points, without the sign; nothing for None."""
    return "" if share is None else f"{round(100 * share, 1):g}"


@register.filter
def e_value(value: float) -> str:
    """Write an e-value with three digits."""
    return f"{value:.3g}"


@register.filter
def p_value(value: float) -> str:
    """Write a p-value with three digits after the point; small ones as a bound."""
    return f"{value:.3f}" if value >= 0.001 else "< 0.001"


@register.filter
def needed(alpha: float) -> str:
    """Return the e-value that decides at a level."""
    return f"{1 / alpha:g}"


@register.filter
def plans_with(others: list[Plan], plan: Plan) -> list[Plan]:
    """Put a plan before those for larger differences."""
    return [plan, *others]
