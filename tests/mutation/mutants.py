"""Small faults put into a module one at a time: flipped comparisons, numbers one off, swapped operators, changed SQL."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[str, ...]] = {
    ast.Lt: ("<=", ">="),
    ast.LtE: ("<", ">"),
    ast.Gt: (">=", "<="),
    ast.GtE: (">", "<"),
    ast.Eq: ("!=",),
    ast.NotEq: ("==",),
    ast.In: ("not in",),
    ast.NotIn: ("in",),
    ast.Is: ("is not",),
    ast.IsNot: ("is",),
}
_ARITHMETIC: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "//"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "&"),
}
_SQL_WORDS = re.compile(r"\b(SELECT|FROM|WHERE|FILTER|GROUP BY|PARTITION BY|coalesce|count|sum|lpad|left|sha256)\b")
# What stands in SQL and what it becomes; the first group is replaced.
_SQL = (
    (r"(?<![<>])(<=)", "<"),
    (r"(?<=\s)(<)(?=\s)", "<="),
    (r"(?<=\s)(>=)(?=\s)", ">"),
    (r"(?<=\s)(>)(?=\s)", ">="),
    (r"(?<=\s)(=)(?=\s)", "<>"),
    (r"\b(AND)\b", "OR"),
    (r"\b(max)\(", "min"),
    (r"\b(max)\(", "sum"),
    (r"\b(min)\(", "max"),
    (r"\b(sum)\(", "max"),
    (r"\b(abs)\(", ""),
    (r"( FILTER \(WHERE [^()]*\))", ""),
    (r"( HAVING [^,]*\))", ""),
    (r"\b(UNION ALL)\b", "UNION"),
    (r"\b(IS NOT NULL)\b", "IS NULL"),
    (r"\b(ORDER BY \w+)", ""),
    (r"(?<=\s)(%)(?=\s)", "+"),
    (r"(?<=\s)(//)(?=\s)", "%"),
    (r"(?<=\s)(\+)(?=\s)", "-"),
    (r"(?<=\s)(-)(?=\s)", "+"),
)


@dataclass(frozen=True)
class Mutant:
    """A module with one fault.

    line: its number; text: the line as it was; was, now: the part that was replaced; place: which of the same parts on the
    line, from 1.
    """

    line: int
    text: str
    was: str
    now: str
    place: int
    source: str

    @property
    def key(self) -> str:
        """What names it as long as its line stays as it is: the line, and the change in it."""
        which = f" ({self.place})" if self.place > 1 else ""
        return f"{self.text.strip()} | {self.was} → {self.now}{which}"


def mutants(source: str) -> Iterator[Mutant]:
    """Every mutant of a module, from top to bottom; those that are no Python are left out."""
    seen, places = set(), Counter[tuple[int, str, str]]()
    for start, end, now in sorted(_Finder(source).found):
        mutated = source[:start] + now + source[end:]
        if (start, end, now) in seen or source[start:end] == now:
            continue
        seen.add((start, end, now))
        try:
            compile(mutated, "mutant", "exec", dont_inherit=True)
        except SyntaxError:
            continue
        first = source.rfind("\n", 0, start) + 1
        line = source[first : source.find("\n", start)]
        number, was = source.count("\n", 0, start) + 1, " ".join(source[start:end].split())
        places[number, was, now] += 1
        yield Mutant(number, line, was, now, places[number, was, now], mutated)


class _Finder(ast.NodeVisitor):
    """Gathers (start, end, replacement) of every fault."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.found: list[tuple[int, int, str]] = []
        lines = source.splitlines(keepends=True)
        self.starts = [0]
        self.lines = lines
        for line in lines:
            self.starts.append(self.starts[-1] + len(line))
        self.visit(ast.parse(source))

    def place(self, line: int, column: int) -> int:
        """Where a position of `ast` (columns in bytes) is in the text."""
        return self.starts[line - 1] + len(self.lines[line - 1].encode()[:column].decode())

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self.place(node.lineno, node.col_offset), self.place(node.end_lineno, node.end_col_offset)

    def replace(self, node: ast.expr | ast.stmt, now: str) -> None:
        self.found.append((*self.span(node), now))

    def between(self, left: ast.expr, right: ast.expr, was: str, now: str) -> None:
        """Replace the operator between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        hit = re.search(rf"(?<![\w<>=!*/]){re.escape(was)}(?![<>=*/])", self.source[start:end])
        if hit:
            self.found.append((start + hit.start(), start + hit.end(), now))

    def visit_body(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # a docstring, of a module, class, function or constant
            self.visit(statement)

    def generic_visit(self, node: ast.AST) -> None:
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            if name in ("body", "orelse", "finalbody") and isinstance(value, list):
                self.visit_body(value)
            elif isinstance(value, list):
                for item in value:
                    if isinstance(item, ast.AST):
                        self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def visit_Compare(self, node: ast.Compare) -> None:
        words = {ast.In: "in", ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.Eq: "==", ast.NotEq: "!="}
        words |= {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}
        operands = [node.left, *node.comparators]
        for place, op in enumerate(node.ops):
            for now in _COMPARISONS[type(op)]:
                self.between(operands[place], operands[place + 1], words[type(op)], now)
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if type(node.op) in _ARITHMETIC:
            self.between(node.left, node.right, *_ARITHMETIC[type(node.op)])
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        was, now = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(left, right, was, now)
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not | ast.USub):
            start, end = self.span(node.operand)
            self.replace(node, self.source[start:end])
        self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        start, end = self.span(node.test)
        self.replace(node.test, f"not ({self.source[start:end]})")
        self.generic_visit(node)

    def visit_If(self, node: ast.If) -> None:
        if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
            start, end = self.span(node.test)
            self.replace(node.test, f"not ({self.source[start:end]})")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not (isinstance(node.value, ast.Constant) and node.value.value is None):
            self.replace(node.value, "None")
        self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            self.replace(node, "pass")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if isinstance(node.value, ast.Name) and node.value.id in ("Literal", "Annotated"):
            return
        self.generic_visit(node)

    def visit_Constant(self, node: ast.Constant) -> None:
        value = node.value
        if isinstance(value, bool):
            self.replace(node, str(not value))
        elif isinstance(value, int | float):
            self.replace(node, repr(value + 1))
            self.replace(node, repr(value - 1))
        elif isinstance(value, str):
            if _SQL_WORDS.search(value):
                self.of_sql(node)
            elif value:
                self.replace(node, repr(value + "x"))
        elif isinstance(value, bytes):
            self.replace(node, repr(value + b"x"))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        start, end = self.span(node)
        if _SQL_WORDS.search(self.source[start:end]):
            self.of_sql(node)

    def of_sql(self, node: ast.expr) -> None:
        """Faults in a statement, or in a part of one."""
        start, end = self.span(node)
        text = self.source[start:end]
        for pattern, now in _SQL:
            for hit in re.finditer(pattern, text):
                self.found.append((start + hit.start(1), start + hit.end(1), now))
        for hit in re.finditer(r"(?<![\w.'{:\\])\d+(?![\w}])", text):
            for other in (int(hit[0]) + 1, int(hit[0]) - 1):
                if other >= 0:
                    self.found.append((start + hit.start(), start + hit.end(), str(other)))
