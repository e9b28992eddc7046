"""One numeric clause of a published criterion, such as `V > 3*ULN`, decided true, false or cannot tell."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Context, Decimal
from functools import cache
from typing import Any

DIGITS = Context(prec=15)
"""Both sides are compared after rounding to 15 significant digits, so that noise of a calculation decides nothing."""

NAMES = frozenset({"V", "LLN", "ULN", "BASE", "PCHG", "SBP", "DBP", "DBP_BASE", "ANC", "TEMP", "SUSTAINED38"})
"""V the value, LLN and ULN the limits of normal, BASE the baseline, PCHG the percent change from it."""

Known = Mapping[str, Decimal | bool | None]
Tree = ast.expr

_COMPARE: dict[type[Any], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_RECKON: dict[type[Any], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}


@cache
def parse(expression: str) -> Tree:
    """The expression as a tree; raises ValueError for anything but numbers, the names above, `+ - *`, comparisons,
    `and` and `or`."""
    try:
        tree = ast.parse(expression, mode="eval").body
    except SyntaxError as fault:
        raise ValueError(f"not a clause: {expression!r}") from fault
    _check(tree, expression)
    return tree


def _check(tree: Tree, expression: str) -> None:
    allowed = (
        ast.BoolOp,
        ast.And,
        ast.Or,
        ast.Compare,
        ast.BinOp,
        ast.UnaryOp,
        ast.USub,
        ast.Name,
        ast.Load,
        ast.Constant,
    )
    for node in ast.walk(tree):
        fine = isinstance(node, (*allowed, *_COMPARE, *_RECKON))
        if isinstance(node, ast.Name):
            fine = node.id in NAMES
        if isinstance(node, ast.Constant):
            fine = type(node.value) in (int, float)
        if isinstance(node, ast.Compare):
            fine = len(node.ops) == 1 and type(node.ops[0]) in _COMPARE
        if not fine:
            raise ValueError(f"not a clause: {expression!r}")


def names(expression: str) -> frozenset[str]:
    """The names a clause speaks of."""
    return frozenset(node.id for node in ast.walk(parse(expression)) if isinstance(node, ast.Name))


def holds(expression: str, known: Known) -> bool | None:
    """True, False, or None where what is not known could still decide it."""
    return _truth(parse(expression), known)


def _truth(tree: Tree, known: Known) -> bool | None:
    if isinstance(tree, ast.BoolOp):
        parts = [_truth(one, known) for one in tree.values]
        decides = isinstance(tree.op, ast.Or)
        return decides if decides in parts else None if None in parts else not decides
    if isinstance(tree, ast.Compare):
        left, right = _number(tree.left, known), _number(tree.comparators[0], known)
        if left is None or right is None:
            return None
        return _COMPARE[type(tree.ops[0])](DIGITS.plus(left), DIGITS.plus(right))
    assert isinstance(tree, ast.Name)
    answer = known.get(tree.id)
    return None if answer is None else bool(answer)


def _number(tree: Tree, known: Known) -> Decimal | None:
    if isinstance(tree, ast.Constant):
        return Decimal(str(tree.value))
    if isinstance(tree, ast.Name):
        value = known.get(tree.id)
        return value if isinstance(value, Decimal) else None
    if isinstance(tree, ast.UnaryOp):
        below = _number(tree.operand, known)
        return None if below is None else -below
    assert isinstance(tree, ast.BinOp)
    left, right = _number(tree.left, known), _number(tree.right, known)
    return None if left is None or right is None else _RECKON[type(tree.op)](left, right)
