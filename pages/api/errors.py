"""Why a program is not answered, and which status of HTTP says so."""

from __future__ import annotations

from typing import Final

from data.refusal import Refusal
from metrics.grammar.question import QuestionError


class ApiError(Refusal):
    """Something about a request that its sender can act on.

    Reasons: no_such_place, no_such_dimension, method, too_long, too_many_parameters, unknown_parameter, repeated,
    unknown_language, unknown_format, not_acceptable, unknown_publication, which_metric, too_many_rows; of tools also
    no_such_tool, argument_form; not about the request itself: not_open, too_many, busy, unavailable, unforeseen, no_mcp.
    """

    family = "api"


_STATUS: Final = {
    "no_such_place": 404,
    "no_such_dimension": 404,
    "no_such_tool": 404,
    "unknown_metric": 404,
    "method": 405,
    "not_acceptable": 406,
    "too_long": 414,
    "too_many_parameters": 414,
    "too_many": 429,
    "unforeseen": 500,
    "not_open": 503,
    "busy": 503,
    "unavailable": 503,
}
"""All other reasons are 400: the question cannot be asked."""


def status_of(refusal: ApiError | QuestionError) -> int:
    """Return the status of HTTP."""
    return _STATUS.get(refusal.reason, 400)


STATUSES: Final = tuple(sorted({400, *_STATUS.values()}))
"""All that there are."""
