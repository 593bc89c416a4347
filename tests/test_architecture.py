"""The house keeps its shape: arrows between rooms, sizes, one door, and nothing of a single machine in the files."""

from __future__ import annotations

import ast
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from pages.shell.registry import PAGES
from tests.conftest import ROOT

ROOMS = ("data", "metrics", "pages", "tests")
TOP_LEVEL = {
    *(".ci", ".gitattributes", ".gitignore", ".streamlit", "Makefile", "README.md", "LICENSE", "app.py", "docs"),
    *("pyproject.toml", "requirements.lock", "translations", *ROOMS),
}

# What a room may import of the project and of libraries that belong to one room.
MAY_IMPORT = {
    "data": set(),
    "metrics": {"data"},
    "pages": {"metrics", "pages"},
    "app.py": {"pages"},
}
# Pages know published values only. Doors to `data`: the import page, the names of codes, which store serves, what the steward
# writes, and what is wrong with a store when briefings are kept in it.
DOORS = {
    "pages/importing/page.py": {"data"},
    **{
        f"pages/parts/importing/{part}.py": {"data"}
        for part in ("accounts", "history", "recognition", "session", "uploads")
    },
    "pages/i18n/names.py": {"data.codes"},
    "pages/figures/target_marks.py": {"data.steward.targets_and_notes", "data.store.store"},
    "pages/targets/forms.py": {"data.steward.targets_and_notes"},
    "pages/briefings/report.py": {"data.codes", "data.store.store"},
    # The front door of the command line, as app.py is that of the app.
    "metrics/__main__.py": {"pages.briefings.report"},
    "pages/shell/acting.py": {"data.store.store", "data.messages"},
    "pages/shell/serving.py": {"data.store.store", "data.store.generation"},
}
NEVER = {
    "data": {"streamlit", "altair", "metrics", "pages", "app"},
    "metrics": {"streamlit", "altair", "pages", "app"},
    "pages": {"duckdb", "app"},
    "app.py": {"duckdb", "data", "altair"},
}
MAX_LINES = {"app.py": 79, "page": 150, "module": 400}


@cache
def tracked() -> tuple[str, ...]:
    """Every file under version control, or not yet added and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    return tuple(sorted({name for name in names if name and (ROOT / name).is_file()}))


def python_files(*rooms: str) -> list[str]:
    return [name for name in tracked() if name.endswith(".py") and name.split("/")[0] in rooms]


def imports(name: str) -> set[str]:
    """Full names of all modules a file imports, wherever in the file."""
    package = name.removesuffix(".py").split("/")[:-1]
    found: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            start = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*start, *([node.module] if node.module else [])])
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def within(module: str, allowed: set[str]) -> bool:
    return any(module == one or module.startswith(f"{one}.") for one in allowed)


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_arrows_go_one_way(room: str) -> None:
    wrong = []
    for name in python_files(room):
        allowed = {room.removesuffix(".py")} | MAY_IMPORT[room] | DOORS.get(name, set())
        ours = {module for module in imports(name) if module.split(".")[0] in {*ROOMS, "app"}}
        wrong += [f"{name} imports {module}" for module in sorted(ours) if not within(module, allowed)]
        never = NEVER[room] - {module.split(".")[0] for module in DOORS.get(name, set())}
        wrong += [f"{name} imports {module}" for module in sorted(imports(name)) if within(module, never)]
    assert wrong == []


def test_files_stay_readable_in_one_sitting() -> None:
    pages = {f"pages/{spec.id}.py" for spec in PAGES}
    too_long = []
    for name in (*python_files(*ROOMS), "app.py"):
        lines = len((ROOT / name).read_text(encoding="utf-8").splitlines())
        limit = MAX_LINES.get(name, MAX_LINES["page" if name in pages else "module"])
        if lines > limit:
            too_long.append(f"{name}: {lines} lines, at most {limit}")
    assert too_long == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name
        for name in (*python_files(*ROOMS), "app.py")
        if (text := (ROOT / name).read_text(encoding="utf-8")).strip() and not ast.get_docstring(ast.parse(text))
    ]
    assert silent == []


def test_every_page_file_is_in_the_registry_and_shows_nothing_by_itself() -> None:
    files = {name for name in python_files("pages") if name.count("/") == 1 and not name.endswith("__init__.py")}
    assert files == {f"pages/{spec.id}.py" for spec in PAGES}
    for name in files:
        body = ast.parse((ROOT / name).read_text(encoding="utf-8")).body
        calls = [node for node in body if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)]
        assert calls == [], f"{name} does something when run; only app.py may draw"
        assert any(isinstance(node, ast.FunctionDef) and node.name == "render" for node in body), name
    assert len({spec.url_path for spec in PAGES}) == len(PAGES)
    assert [spec.url_path for spec in PAGES].index("") == 0


def test_no_new_room_without_a_reason() -> None:
    assert {name.split("/")[0] for name in tracked()} <= TOP_LEVEL


# Put together here, so that this file does not hold what it looks for.
OF_ONE_MACHINE = [
    *(
        "/" + "/".join(parts)
        for parts in (("work", "main"), ("work", "shared"), ("tmp", "tk"), ("home", ""), ("root", ""))
    ),
    *(".".join(parts) for parts in (("pypi", "org"), ("files", "pythonhosted", "org"), ("registry", "npmjs", "org"))),
    *(word + end for word, end in (("--index", "-url"), ("--extra-index", "-url"), ("--find", "-links"))),
]


def test_nothing_of_a_single_machine_in_the_files() -> None:
    pattern = re.compile("|".join(map(re.escape, OF_ONE_MACHINE)))
    found = []
    for name in tracked():
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{name}: {hit}" for hit in sorted(set(pattern.findall(text)))]
    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "tests/requirements.lock"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert entries
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_locks_agree_with_each_other_and_with_the_pins() -> None:
    def pins(text: str) -> set[str]:
        return {pin.lower().replace("_", "-") for pin in re.findall(r"^\W*([\w.-]+==[\w.]+)", text, re.MULTILINE)}

    app, test = (
        pins((ROOT / name).read_text(encoding="utf-8")) for name in ("requirements.lock", "tests/requirements.lock")
    )
    assert app <= test
    assert pins((ROOT / "pyproject.toml").read_text(encoding="utf-8")) <= test


def test_the_app_is_found_and_the_settings_hold() -> None:
    from streamlit.web.server.app_discovery import discover_asgi_app

    assert discover_asgi_app(Path(ROOT / "app.py")).import_string == "app:app"
    settings = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    for line in (
        'address = "127.0.0.1"',
        "gatherUsageStats = false",
        'showErrorDetails = "none"',
        'toolbarMode = "viewer"',
    ):
        assert line in settings
