"""The language of rules: a small part of Python's expressions, compiled once, answering true, false or cannot tell."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from trialdesk.domain.rules.functions import FUNCTIONS, NEAR_FUNCTIONS, PLACE_FUNCTIONS
from trialdesk.domain.rules.values import UNKNOWN, Value, equal, less, minus, plus

# Bounds that keep a study file from stalling a keystroke.
MOST_NODES = 200
MOST_TEXT = 500
MOST_NUMBER = Decimal(10) ** 12


class Scope(Protocol):
    """What an expression may ask of the place it stands in."""

    today: date

    def item(self, name: str) -> Value: ...
    def parameter(self, name: str) -> Value: ...
    def round_no(self) -> Value: ...
    def row(self) -> Value: ...
    def call(self, function: str, name: str, arguments: tuple[Value, ...]) -> Value: ...
    def ask(self, function: str, arguments: tuple[Value, ...]) -> Value: ...


Run = Callable[[Scope], Value]


class NotAnExpression(ValueError):
    """The text is not of the rules language; the message says what is wrong."""


@dataclass(frozen=True)
class Expression:
    """A compiled expression: what it reads and how to evaluate it.

    `items` are looked up bare, `gathered` through a function such as latest(ITEM), of these `afar` from more places
    than the one a bare name is read from; `names` are parameters.
    """

    text: str
    items: frozenset[str]
    gathered: frozenset[str]
    names: frozenset[str]
    run: Run
    afar: frozenset[str] = frozenset()

    @property
    def reads(self) -> frozenset[str]:
        """Every item the value depends on."""
        return self.items | self.gathered


def compile_expression(text: str) -> Expression:
    """Compile a rule's expression; raises NotAnExpression with a sentence for the study's author."""
    if len(text) > 2000:
        raise NotAnExpression("the expression is longer than 2000 characters")
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as fault:
        raise NotAnExpression(f"{text!r} cannot be read: {fault}") from fault
    if sum(1 for _ in ast.walk(tree)) > MOST_NODES:
        raise NotAnExpression(f"the expression has more than {MOST_NODES} parts; split it into two rules")
    maker = _Maker()
    run = maker.make(tree.body)
    return Expression(
        text, frozenset(maker.items), frozenset(maker.gathered), frozenset(maker.names), run, frozenset(maker.afar)
    )


class _Maker:
    """Walks the syntax tree once and builds closures."""

    def __init__(self) -> None:
        self.items: set[str] = set()
        self.gathered: set[str] = set()
        self.names: set[str] = set()
        self.afar: set[str] = set()

    def make(self, node: ast.expr) -> Run:
        method = getattr(self, f"_{type(node).__name__}", None)
        if method is None:
            raise NotAnExpression(f"{type(node).__name__.lower()} is not part of the rules language")
        made: Run = method(node)
        return made

    def _Constant(self, node: ast.Constant) -> Run:
        value: Value
        if isinstance(node.value, bool):
            value = node.value
        elif isinstance(node.value, int | float):
            value = Decimal(str(node.value))
            if abs(value) > MOST_NUMBER:
                raise NotAnExpression(f"{node.value} is too large")
        elif isinstance(node.value, str) and len(node.value) <= MOST_TEXT:
            value = node.value
        else:
            raise NotAnExpression(f"{str(node.value)[:40]!r} is not a number or a short text")
        return lambda scope: value

    def _Name(self, node: ast.Name) -> Run:
        name = node.id
        if name == "today":
            return lambda scope: scope.today
        if name == "round_no":
            return lambda scope: scope.round_no()
        if name == "row":
            return lambda scope: scope.row()
        if name.isupper():
            self.items.add(name)
            return lambda scope: scope.item(name)
        self.names.add(name)
        return lambda scope: scope.parameter(name)

    def _BoolOp(self, node: ast.BoolOp) -> Run:
        parts = [self.make(value) for value in node.values]
        decisive = isinstance(node.op, ast.Or)

        def run(scope: Scope) -> Value:
            unknown = False
            for part in parts:
                value = part(scope)
                if value is decisive:
                    return decisive
                unknown = unknown or value is not (not decisive)
            return UNKNOWN if unknown else not decisive

        return run

    def _UnaryOp(self, node: ast.UnaryOp) -> Run:
        inner = self.make(node.operand)
        if isinstance(node.op, ast.Not):
            return lambda scope: (not value) if isinstance(value := inner(scope), bool) else UNKNOWN
        if isinstance(node.op, ast.USub):
            return lambda scope: minus(Decimal(0), inner(scope))
        raise NotAnExpression("only `not` and `-` may stand before a value")

    def _BinOp(self, node: ast.BinOp) -> Run:
        left, right = self.make(node.left), self.make(node.right)
        if isinstance(node.op, ast.Add):
            return lambda scope: plus(left(scope), right(scope))
        if isinstance(node.op, ast.Sub):
            return lambda scope: minus(left(scope), right(scope))
        if isinstance(node.op, ast.Mult):
            return lambda scope: _number(left(scope), right(scope), lambda a, b: a * b)
        if isinstance(node.op, ast.Div):
            return lambda scope: _number(left(scope), right(scope), lambda a, b: a / b if b else UNKNOWN)
        raise NotAnExpression("only + - * / join numbers")

    def _Compare(self, node: ast.Compare) -> Run:
        steps: list[Callable[[Scope, Value], tuple[Value, Value]]] = []
        for op, comparator in zip(node.ops, node.comparators, strict=True):
            steps.append(self._step(op, comparator))
        first = self.make(node.left)

        def run(scope: Scope) -> Value:
            left, answer = first(scope), True
            for step in steps:
                result, left = step(scope, left)
                if result is False:
                    return False
                if result is UNKNOWN:
                    answer = UNKNOWN
            return answer

        return run

    def _step(self, op: ast.cmpop, comparator: ast.expr) -> Callable[[Scope, Value], tuple[Value, Value]]:
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(comparator, ast.Tuple | ast.List):
                raise NotAnExpression("`in` needs a list of values in brackets, such as X in ('A', 'B')")
            choices = [self.make(one) for one in comparator.elts]
            wanted = isinstance(op, ast.In)

            def member(scope: Scope, left: Value) -> tuple[Value, Value]:
                found = [equal(left, choice(scope)) for choice in choices]
                inside = True if True in found else UNKNOWN if any(one is UNKNOWN for one in found) else False
                return (inside if wanted or inside is UNKNOWN else not inside), left

            return member
        right = self.make(comparator)
        compare = _COMPARE.get(type(op))
        if compare is None:
            raise NotAnExpression("only == != < <= > >= in compare values")

        def plain(scope: Scope, left: Value) -> tuple[Value, Value]:
            value = right(scope)
            return compare(left, value), value

        return plain

    def _IfExp(self, node: ast.IfExp) -> Run:
        test, yes, no = self.make(node.test), self.make(node.body), self.make(node.orelse)

        def run(scope: Scope) -> Value:
            answer = test(scope)
            return yes(scope) if answer is True else no(scope) if answer is False else UNKNOWN

        return run

    def _Call(self, node: ast.Call) -> Run:
        if not isinstance(node.func, ast.Name) or node.keywords:
            raise NotAnExpression("only the functions of the rules language can be called, without keywords")
        name = node.func.id
        if name in PLACE_FUNCTIONS:
            return self._place_call(name, node)
        if name not in FUNCTIONS:
            close = difflib.get_close_matches(name, [*FUNCTIONS, *PLACE_FUNCTIONS], n=1)
            raise NotAnExpression(f"there is no function {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        least, most = FUNCTIONS[name]
        if not least <= len(node.args) <= most:
            raise NotAnExpression(f"{name} takes {least} to {most} values, {len(node.args)} were given")
        arguments = [self.make(one) for one in node.args]
        return lambda scope: scope.ask(name, tuple(argument(scope) for argument in arguments))

    def _place_call(self, name: str, node: ast.Call) -> Run:
        if not node.args or not isinstance(node.args[0], ast.Name) or not node.args[0].id.isupper():
            raise NotAnExpression(f"{name} needs the name of an item, such as {name}(WBC)")
        item = node.args[0].id
        self.gathered.add(item)
        if name not in NEAR_FUNCTIONS:
            self.afar.add(item)
        rest = [self.make(one) for one in node.args[1:]]
        return lambda scope: scope.call(name, item, tuple(argument(scope) for argument in rest))


def _number(one: Value, other: Value, how: Callable[[Decimal, Decimal], Value]) -> Value:
    return how(one, other) if isinstance(one, Decimal) and isinstance(other, Decimal) else UNKNOWN


def _different(one: Value, other: Value) -> Value:
    same = equal(one, other)
    return UNKNOWN if same is UNKNOWN else not same


_COMPARE: dict[type[Any], Callable[[Value, Value], Value]] = {
    ast.Eq: equal,
    ast.NotEq: _different,
    ast.Lt: lambda a, b: less(a, b, False),
    ast.LtE: lambda a, b: less(a, b, True),
    ast.Gt: lambda a, b: less(b, a, False),
    ast.GtE: lambda a, b: less(b, a, True),
}
