"""Which modules are mutated, and the few tests that are run for each: those of its room, quick ones first."""

from __future__ import annotations

PLAN: dict[str, tuple[str, ...]] = {
    "metrics/gate.py": (
        "tests/metrics/test_gate.py",
        "tests/metrics/sums/test_gate_of_sums.py",
        "tests/metrics/measures/test_known_part.py",
    ),
    "metrics/cube/sql.py": ("tests/metrics/cube/test_profiles.py", "tests/metrics/cube/test_sql.py"),
    "data/store/keys.py": ("tests/data/store/test_keys.py",),
    "data/ingest/checking.py": (
        "tests/data/ingest/test_checking.py",
        "tests/data/ingest/test_checking_bounds.py",
        "tests/data/ingest/test_checking_lists.py",
    ),
    "metrics/grammar/period.py": ("tests/metrics/grammar/test_period.py", "-k", "not nobody_else"),
    "metrics/grammar/question.py": ("tests/metrics/grammar/test_validation.py",),
    "metrics/sums/masks.py": ("tests/metrics/sums/test_masks.py", "-m", "not simulation"),
    "metrics/change/decision.py": ("tests/metrics/change/test_decision.py",),
    "metrics/change/noise.py": ("tests/metrics/change/test_noise_by_hand.py", "tests/metrics/change/test_noise.py"),
    "metrics/change/ranking.py": ("tests/metrics/change/test_ranking.py",),
    "metrics/change/trend.py": ("tests/metrics/change/test_trend_by_hand.py",),
}
"""Path of a module → paths of test files, and what else pytest is told."""
