"""Ctrl-C, whatever becomes of it on its way."""

_BY_DUCKDB = "Query interrupted"


def is_stop(error: BaseException) -> bool:
    """Whether an error is what DuckDB makes of Ctrl-C while it executes a statement."""
    return isinstance(error, RuntimeError) and str(error) == _BY_DUCKDB
