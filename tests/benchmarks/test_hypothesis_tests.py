"""What a test of a hypothesis costs: every kind of outcome and design, each in a process of its own.

On a million encounters, or as many as `TILANNEKUVA_BENCH_HYPOTHESES` says: `TILANNEKUVA_BENCH_HYPOTHESES=10000000 make bench`.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.conftest import sample
from tests.conftest import ROOT

pytestmark = pytest.mark.benchmark

MILLION = 1_000_000
ENCOUNTERS = int(os.environ.get("TILANNEKUVA_BENCH_HYPOTHESES", MILLION))
MOST_SECONDS, MOST_MEGABYTES = (20, 1000) if ENCOUNTERS <= MILLION else (60, 6000)
"""Of up to a million encounters, and of ten million."""

RUN = """
import json, resource, sys, time
from pathlib import Path
from data.store.store import Store
from metrics.hypotheses.hypothesis import HypothesisError, parse_hypothesis
from metrics.hypotheses.register import Register
from metrics.hypotheses.testing import run

register, start = Register.of(Path(sys.argv[2])), time.perf_counter()
line = register.register(parse_hypothesis(**json.loads(sys.argv[3])))
try:
    told = run(register, line.id, Store(Path(sys.argv[1]))).verdict
except HypothesisError as error:
    told = error.reason
print(json.dumps({"told": told, "wall": time.perf_counter() - start, "cpu": time.process_time(),
                  "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
"""

FACTS = ["language", "sex", "age", "months_in_finland", "channel", "month"]
CENTRE_FACTS = ["language", "sex", "age", "months_unemployed", "education_level", "month"]
CHANNELS = {"kind": "groups", "dimension": "channel", "compared": "phone"}
PLACES = {"kind": "groups", "dimension": "municipality", "compared": "853"}
CENTRES = {"kind": "groups", "dimension": "centre", "compared": "853"}
ALL = {"kind": "before_after", "month": "2025-06"}
ONE = {**ALL, "area": "853"}
AMONG = {**ONE, "comparison": "others"}
MARGINS = [{"metric": name, "margin": 3} for name in ("wait_days", "same_day_share", "relative_interpreting_share")]

KINDS: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
    "share of groups": ("solved_share", CHANNELS, {}),
    "share, adjusted": ("solved_share", PLACES, {"covariates": FACTS}),
    "share with guardrails": ("solved_share", PLACES, {"guardrails": MARGINS}),
    "share of clients": ("newcomer_share", PLACES, {"covariates": FACTS[:3]}),
    "share of groups that overlap": ("solved_share", {"kind": "groups", "dimension": "topic", "compared": "work"}, {}),
    "share of topics": ("solved_first_contact_share", PLACES, {"covariates": FACTS[:3]}),
    "share of referrals": ("referral_started_share", {"kind": "groups", "dimension": "manner", "compared": "warm"}, {}),
    "share before and after": ("solved_share", ALL, {}),
    "share among municipalities": ("solved_share", AMONG, {}),
    "number of groups": ("encounters", PLACES, {}),
    "number of clients": ("new_clients", PLACES, {}),
    "number before and after": ("clients", ALL, {}),
    "number among municipalities": ("encounters", AMONG, {}),
    "number beside one other": ("encounters", {**ONE, "comparison": "680"}, {}),
    "minutes of groups": ("minutes_median", CHANNELS, {}),
    "minutes, adjusted": ("minutes_median", PLACES, {"covariates": FACTS}),
    "minutes before and after": ("minutes_median", ALL, {}),
    "days among municipalities": ("wait_days", AMONG, {}),
    "time to work": ("employed_by", CENTRES, {}),
    "time to work, adjusted": ("employed_by", CENTRES, {"covariates": CENTRE_FACTS}),
    "time to work, before and after": ("working_or_studying_by", {**ALL, "month": "2025-01"}, {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_test_is_done_in_seconds_and_within_a_gigabyte(kind: str, tmp_path: Path) -> None:
    """Seconds of both cores together, so that it does not matter what else the machine does."""
    outcome, design, more = KINDS[kind]
    asked = {
        "question": "Onko ryhmien välillä eroa?", "outcome": outcome, "design": design, "direction": "either",
        "smallest": 2, **more,
    }  # fmt: skip
    command = [sys.executable, "-c", RUN, str(sample(ENCOUNTERS).path), str(tmp_path), json.dumps(asked)]
    ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    found = json.loads(ran.stdout)
    print(
        f"\n{kind}: {found['cpu']:.1f} s ({found['wall']:.1f} s passed), {found['megabytes']:.0f} MB, {found['told']}"
    )
    assert found["told"] in ("kept", "rejected", "undecided", "incomparable", "no_answer"), "it was tested"
    assert found["cpu"] <= MOST_SECONDS
    assert found["megabytes"] <= MOST_MEGABYTES
