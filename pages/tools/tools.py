"""What a language model can ask: one table of tools, each an operation of the open interface with the same parameters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from pages.api import describing
from pages.api.call import LONGEST
from pages.api.errors import ApiError
from pages.api.operation import Operation, Parameter
from pages.api.operations import OPERATIONS
from pages.tools import telling


@dataclass(frozen=True)
class Tool:
    """A tool. named: the argument that stands in its operation's path, whose text is what it is; empty for none."""

    name: str
    operation: Operation
    named: str = ""
    named_text: str = ""

    @property
    def arguments(self) -> tuple[Parameter, ...]:
        """What it takes, in order."""
        first = (Parameter(self.named, self.named_text, is_required=True),) if self.named else ()
        return (*first, *self.operation.parameters)

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON schema of its arguments."""
        return {
            "type": "object",
            "properties": {one.name: _described(one) for one in self.arguments},
            "required": [one.name for one in self.arguments if one.is_required],
            "additionalProperties": False,
        }


def _described(one: Parameter) -> dict[str, Any]:
    text: dict[str, Any] = {"type": "string", "maxLength": LONGEST} | ({"pattern": one.form} if one.form else {})
    told = {"description": one.text}
    return {"type": "array", "items": text, **told} if one.is_list else {**text, **told}


def _operation(path: str, make: telling.Told) -> Operation:
    """The operation of the open interface at a place, told for a model, without the parameters that only files need."""
    found = next(one for one in OPERATIONS if one.path == path)
    parameters = tuple(one for one in found.parameters if one.name != "format")
    return replace(found, make=telling.compact(make), parameters=parameters)


TOOLS: Final[tuple[Tool, ...]] = (
    Tool("about_figures", _operation("", telling.about)),
    Tool("list_metrics", _operation("/metrics", telling.metrics)),
    Tool("show_metric", _operation("/metrics/{id}", telling.metric), "metric", "Id of the metric, of list_metrics."),
    Tool("list_codes", _operation(describing.DIMENSIONS, telling.codes), "dimension", "Its name, such as language."),
    Tool("ask", _operation("/ask", telling.answered)),
)


def tool_of(name: str) -> Tool:
    """Return the tool of a name. Raises ApiError: `no_such_tool`, with all there are."""
    for one in TOOLS:
        if one.name == name:
            return one
    raise ApiError("no_such_tool", tuple(one.name for one in TOOLS))
