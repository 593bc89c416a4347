"""The eight charts of *Kysyntä* in Apache Superset: its data sets, charts, and a dashboard with a filter of languages."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass
from typing import Any

from tests.benchmarks.peers.figures import BEFORE, UNDERSTOOD, YEAR

USER = PASSWORD = "admin"

ROWS = """
    SELECT e.*, date_trunc('month', occurred_on)::DATE AS month, isodow(occurred_on) AS weekday, f.first_on,
           CASE WHEN channel = 'appointment' THEN occurred_on - requested_on END AS wait
    FROM encounter e LEFT JOIN (
        SELECT client, min(occurred_on) AS first_on FROM encounter WHERE client > 0 GROUP BY client
    ) f ON f.client = e.client"""
TOPICS = "SELECT language, occurred_on, channel, unnest(topics) AS topic FROM encounter"


def _metric(sql: str, label: str) -> dict[str, Any]:
    return {"expressionType": "SQL", "sqlExpression": sql, "label": label, "optionName": label}


_COUNT = _metric("count(*)", "encounters")
_CLIENTS = _metric("count(DISTINCT CASE WHEN client > 0 THEN client END)", "clients")
NUMBERS = [
    _CLIENTS,
    _COUNT,
    _metric("count(DISTINCT CASE WHEN occurred_on = first_on THEN client END)", "new_clients"),
    _metric("100 * avg(CASE WHEN resolution <> 'unknown' THEN (resolution = 'solved')::INT END)", "solved_share"),
    _metric(
        f"100 * avg(CASE WHEN language_support <> 'unknown' THEN (language_support IN {UNDERSTOOD})::INT END)",
        "understood_language_share",
    ),
    _metric("100 * avg((len(topics) >= 2)::INT)", "several_topics_share"),
]
TIMES = [
    _metric("median(minutes)", "minutes"),
    _metric("median(wait)", "wait"),
    _metric("quantile_cont(wait, 0.9)", "long_wait"),
]


def _of(first: str, last: str) -> list[dict[str, Any]]:
    sql = f"occurred_on BETWEEN DATE '{first}' AND DATE '{last}'"
    return [{"expressionType": "SQL", "sqlExpression": sql, "clause": "WHERE"}]


_YEAR = _of(f"{YEAR}-01-01", f"{YEAR}-12-31")
_TABLE = {"query_mode": "aggregate", "groupby": []}
_LINES = {"x_axis": "month", "groupby": [], "time_grain_sqla": "P1M", "x_axis_sort_asc": True}


def _bars(column: str) -> dict[str, Any]:
    return {"x_axis": column, "groupby": [], "metrics": [_COUNT], "adhoc_filters": _YEAR, "orientation": "horizontal"}


def _heat(x: str, y: str, filters: list[dict[str, Any]]) -> dict[str, Any]:
    return {"x_axis": x, "groupby": y, "metric": _COUNT, "adhoc_filters": filters, "normalize_across": "heatmap"}


CHARTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "numbers": ("rows", "table", _TABLE | {"metrics": NUMBERS, "adhoc_filters": _of(f"{YEAR}-01-01", f"{YEAR}-09-30")}),
    "numbers_before": (
        "rows",
        "table",
        _TABLE | {"metrics": NUMBERS, "adhoc_filters": _of(f"{BEFORE}-01-01", f"{BEFORE}-09-30")},
    ),
    "months": ("rows", "echarts_timeseries_line", _LINES | {"metrics": [_COUNT, _CLIENTS]}),
    "municipalities": ("rows", "echarts_timeseries_bar", _bars("municipality")),
    "topics": ("topics", "heatmap_v2", _heat("channel", "topic", _YEAR)),
    "week": ("rows", "heatmap_v2", _heat("hour", "weekday", _YEAR)),
    "support": ("rows", "echarts_timeseries_bar", _bars("language_support")),
    "times": ("rows", "table", _TABLE | {"metrics": TIMES, "adhoc_filters": _YEAR}),
}
"""Data set, kind and settings of each chart."""


@dataclass
class Door:
    """Superset's REST interface, for whoever has signed in."""

    url: str
    token: str = ""

    def sign_in(self) -> None:
        """Get a token."""
        who = {"username": USER, "password": PASSWORD, "provider": "db"}
        self.token = self.ask("POST", "security/login", who)["access_token"]

    def ask(self, method: str, path: str, body: dict[str, Any]) -> Any:
        """What it answers. Raises HTTPError."""
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", json.dumps(body).encode(), headers, method=method)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def made(self, path: str, body: dict[str, Any]) -> int:
        """The number of what has been made."""
        return int(self.ask("POST", path, body)["id"])


def make_dashboard(door: Door, database: str) -> int:
    """Make everything over a DuckDB file; the dashboard's number."""
    door.sign_in()
    source = door.made(
        "database/", {"database_name": "peers", "sqlalchemy_uri": f"duckdb:///{database}?access_mode=READ_ONLY"}
    )
    sets = {
        name: door.made("dataset/", {"database": source, "schema": "main", "table_name": name, "sql": sql})
        for name, sql in (("rows", ROWS), ("topics", TOPICS))
    }
    charts = {name: _chart(door, name, sets) for name in CHARTS}
    layout = _layout(charts)
    settings = {
        "native_filter_configuration": [_language(sets["rows"], list(charts.values()))],
        "cross_filters_enabled": False,
    }
    dashboard = door.made(
        "dashboard/",
        {
            "dashboard_title": "Kysyntä",
            "published": True,
            "position_json": json.dumps(layout),
            "json_metadata": json.dumps(settings),
        },
    )
    for number in charts.values():
        door.ask("PUT", f"chart/{number}", {"dashboards": [dashboard]})
    return dashboard


def _chart(door: Door, name: str, sets: dict[str, int]) -> int:
    rows, kind, settings = CHARTS[name]
    params = settings | {"viz_type": kind, "datasource": f"{sets[rows]}__table", "row_limit": 10_000}
    return door.made(
        "chart/",
        {
            "slice_name": name,
            "viz_type": kind,
            "datasource_id": sets[rows],
            "datasource_type": "table",
            "params": json.dumps(params),
        },
    )


def _layout(charts: dict[str, int]) -> dict[str, Any]:
    """Two charts in a row."""
    names = list(charts)
    pairs = [names[at : at + 2] for at in range(0, len(names), 2)]
    rows = [f"ROW-{at}" for at in range(len(pairs))]
    found: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "children": rows, "parents": ["ROOT_ID"]},
    }
    for row, pair in zip(rows, pairs, strict=True):
        inside = [f"CHART-{name}" for name in pair]
        above = ["ROOT_ID", "GRID_ID"]
        meta = {"background": "BACKGROUND_TRANSPARENT"}
        found[row] = {"type": "ROW", "id": row, "children": inside, "parents": above, "meta": meta}
        for name in pair:
            meta_of = {"chartId": charts[name], "width": 6, "height": 40, "sliceName": name}
            found[f"CHART-{name}"] = {
                "type": "CHART", "id": f"CHART-{name}", "children": [], "parents": [*above, row], "meta": meta_of,
            }  # fmt: skip
    return found


def _language(rows: int, charts: list[int]) -> dict[str, Any]:
    return {
        "id": "NATIVE_FILTER-language",
        "name": "language",
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        "targets": [{"datasetId": rows, "column": {"name": "language"}}],
        "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
        "controlValues": {
            "multiSelect": False,
            "enableEmptyFilter": False,
            "defaultToFirstItem": False,
            "inverseSelection": False,
        },
        "cascadeParentIds": [],
        "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        "chartsInScope": charts,
        "tabsInScope": [],
    }
