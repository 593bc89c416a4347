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

ROOMS = ("data", "metrics", "pages", "tilannekuva", "tests")
TOP_LEVEL = {
    *(".ci", ".gitattributes", ".gitignore", ".streamlit", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile"),
    *("README.md", "SECURITY.md", "app.py", "deploy", "docs", "publiccode.yml", "pyproject.toml", "requirements.lock"),
    *("translations", *ROOMS),
}

# The house from the ground up: a room may import the rooms named beside it, all of which stand above it in this table.
# Pages know published values only; their doors to data: names of codes, which store serves, what the steward writes, importing,
# and how a text is made harmless in a spreadsheet.
# `.` is a folder's own `__init__.py`.
HOUSE = """
data/clock
data/codes
data/texts
data/refusal               data: texts
data/geography             data: codes refusal
data/command_line          data: refusal texts
data/spreadsheet
data/version
data/model                 data: clock codes
data/personal              data: model
data/store                 data: clock model refusal
data/steward               data: clock codes geography personal refusal store texts
data/coverage              data: clock codes model personal refusal store texts
data/ingest/readers        data: clock refusal
data/ingest/recognise      data: clock codes ingest/readers model personal refusal store
data/ingest                data: clock codes coverage ingest/readers ingest/recognise model personal refusal spreadsheet
                                 store texts
data/backup                data: coverage ingest refusal store
data/sample                data: clock codes command_line coverage model refusal spreadsheet store texts
data/commands              data: backup clock command_line coverage geography ingest ingest/recognise refusal spreadsheet
                           steward store texts
data/cli                   data: clock command_line commands coverage ingest sample steward store texts
data/__main__              data: cli

metrics/model/facts        data: clock codes coverage model
metrics/audience
metrics/gate               metrics: audience
metrics/memory
metrics/model              data: codes model store texts; metrics: audience gate model/facts
metrics/grammar            data: refusal store; metrics: audience gate model model/facts
metrics/change             data: store; metrics: audience gate grammar model
metrics/expected           metrics: change gate grammar model model/facts
metrics/cube               data: codes coverage model refusal store; metrics: audience gate grammar memory model model/facts
metrics/measures           data: coverage store texts; metrics: change cube gate grammar model model/facts
metrics/ask                data: store; metrics: audience change gate grammar measures model
metrics/together           data: store; metrics: cube grammar measures model
metrics/spoken             data: codes personal texts; metrics: grammar model
metrics/watching           data: refusal steward store texts; metrics: ask audience change grammar measures model
metrics/listing            data: spreadsheet store texts; metrics: ask gate grammar measures model
metrics/hypotheses/methods metrics: gate measures
metrics/hypotheses         data: clock personal refusal store texts;
                           metrics: audience change cube gate grammar hypotheses/methods listing measures model model/facts
metrics/packages           data: clock codes command_line coverage refusal store texts version;
                           metrics: ask audience gate grammar listing measures memory model model/facts
metrics/briefings          data: personal refusal store; metrics: ask audience change grammar measures model packages
metrics/sums               data: clock command_line refusal spreadsheet store texts;
                           metrics: gate grammar measures model model/facts packages
metrics/registry           data: clock command_line model refusal store texts;
                           metrics: ask audience change grammar listing model model/facts spoken
metrics/revisions          data: clock command_line coverage store texts;
                           metrics: ask audience cube gate grammar listing model packages
metrics/warming            data: store; metrics: ask audience grammar model model/facts together
metrics/precompute         data: refusal store texts; metrics: ask audience cube grammar measures registry revisions warming
metrics/cluster            data: command_line model refusal store texts version;
                           metrics: audience cube model model/facts warming
metrics/cli                data: command_line store texts;
                           metrics: ask audience change cluster cube grammar hypotheses listing measures model packages
                                    precompute registry revisions sums warming watching
metrics/__main__           metrics: cli

pages/theme
pages/i18n                 data: clock texts; metrics: gate grammar
pages/view                 data: refusal texts; metrics: audience change gate grammar model; pages: i18n
pages/access               data: clock codes refusal store texts version;
                           metrics: audience cube packages precompute registry;
                           pages: theme view
pages/charts               data: geography texts; metrics: grammar; pages: i18n theme view
pages/shell                data: ingest refusal sample steward store texts;
                           metrics: ask audience change grammar measures memory model model/facts packages registry together
                                    warming;
                           pages: access i18n theme view
pages/downloads/handout    data: texts; pages: charts view
pages/downloads            data: texts; metrics: grammar model; pages: charts downloads/handout i18n shell theme view
pages/figures              data: spreadsheet steward store texts;
                           metrics: audience briefings change grammar measures model registry;
                           pages: access charts downloads i18n shell view
pages/demand               metrics: change grammar; pages: charts figures i18n shell view
pages/centre               metrics: grammar model; pages: charts figures i18n shell view
pages/reach                pages: charts figures i18n shell view
pages/flows                metrics: gate grammar; pages: charts figures i18n shell view
pages/outcomes             pages: charts figures i18n shell view
pages/quality              data: clock store texts; metrics: grammar model revisions;
                           pages: access downloads figures i18n shell view
pages/compare              data: refusal texts; metrics: audience briefings change expected gate grammar memory model packages;
                           pages: charts figures i18n shell view
pages/hypotheses           data: refusal texts;
                           metrics: audience gate grammar hypotheses hypotheses/methods memory model model/facts;
                           pages: access charts figures i18n shell view
pages/briefings            data: clock store texts; metrics: briefings change gate grammar measures memory model model/facts;
                           pages: access charts downloads/handout i18n shell theme view
pages/sending              data: refusal store texts; metrics: grammar model registry watching; pages: access briefings i18n view
pages/catalogue            data: texts; metrics: grammar model; pages: figures i18n shell view
pages/targets              data: steward texts; metrics: model watching; pages: access figures i18n shell view
pages/overview             metrics: change grammar; pages: charts figures i18n shell targets view
pages/sources              data: clock coverage ingest steward store texts; metrics: measures memory model watching;
                           pages: access figures i18n sending shell view
pages/importing            data: codes coverage ingest ingest/recognise model store texts; metrics: watching;
                           pages: access figures i18n shell view
pages/questions            data: clock refusal texts; metrics: audience grammar model spoken;
                           pages: access charts figures shell view
pages/site                 data: store texts; metrics: grammar measures model packages;
                           pages: charts downloads figures i18n shell theme view
pages/api                  data: clock refusal store texts version;
                           metrics: ask audience grammar listing measures model model/facts packages;
                           pages: access shell view
pages/tools                data: texts version; metrics: grammar model; pages: api i18n view
pages/__main__             data: command_line store; metrics: cli registry; pages: briefings sending site
app                        pages: access api questions sending shell

tilannekuva
tilannekuva/running        data: command_line store texts; pages: access; tilannekuva: .
tilannekuva/publishing     data: command_line store; metrics: packages; pages: access; tilannekuva: running
tilannekuva/tooling        data: command_line store; pages: tools; tilannekuva: publishing
tilannekuva/reference      data: codes command_line ingest/recognise model texts; metrics: briefings model model/facts registry
tilannekuva/kept           data: refusal store; metrics: briefings hypotheses packages registry revisions sums watching;
                           pages: sending
tilannekuva/__main__       data: cli command_line store texts version; metrics: cli precompute; pages: __main__;
                           tilannekuva: kept publishing reference running tooling
"""
ARROWS = {
    line.split()[0]: {
        f"{top}/{room}".removesuffix("/.")
        for top, rooms in re.findall(r"(\w+): ([^;]+)", line)
        for room in rooms.split()
    }
    for line in re.sub(r"\n +", " ", HOUSE).splitlines()
    if line
}
# Libraries that belong to some rooms alone.
NEVER = {
    "data": {"streamlit", "altair"},
    "metrics": {"streamlit", "altair"},
    "pages": {"duckdb"},
    "app": {"duckdb", "altair"},
    "tilannekuva": {"duckdb", "altair"},
}
MAX_LINES = {"app.py": 79, "page": 150, "module": 400}
LOOSE = 10
"""Modules that lie in no room, at most, in each part of the program."""


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


def room_of(name: str) -> str:
    """The room of a file: its folder, or itself when it stands alone at the top.

    >>> room_of("data/store/keys.py"), room_of("metrics/gate.py"), room_of("app.py")
    ('data/store', 'metrics/gate', 'app')
    """
    folder, _, file = name.rpartition("/")
    return folder if "/" in folder else name.removesuffix(".py") if file != "__init__.py" else folder


@cache
def arrows() -> dict[tuple[str, str], list[str]]:
    """Every import between two rooms, by the two, as `file imports module`."""
    files = {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in house()}
    found: dict[tuple[str, str], list[str]] = {}
    for name in house():
        for module in imports(name):
            target = files.get(module) or files.get(module.rpartition(".")[0])
            if target and room_of(target) != room_of(name):
                found.setdefault((room_of(name), room_of(target)), []).append(f"{name} imports {module}")
    return found


def house() -> list[str]:
    return [*python_files("data", "metrics", "pages", "tilannekuva"), "app.py"]


def test_arrows_go_down_and_only_where_the_table_says() -> None:
    stray = [lines for (room, other), lines in arrows().items() if other not in ARROWS.get(room, ())]
    assert [line for lines in stray for line in lines] == []


def test_the_table_of_arrows_is_the_house() -> None:
    seen: list[str] = []
    for room, below in ARROWS.items():
        assert [other for other in below if other not in seen] == [], f"{room} looks up"
        seen.append(room)
    rooms = {room_of(name) for name in house() if (ROOT / name).read_text(encoding="utf-8").strip()}
    assert rooms - {"data", "metrics", "pages"} == set(ARROWS)
    drawn = {(room, other) for room, below in ARROWS.items() for other in below}
    assert drawn - set(arrows()) == set(), "an arrow that no import uses"


def test_libraries_stay_in_their_rooms() -> None:
    wrong = [
        f"{name} imports {module}"
        for name in house()
        for module in imports(name)
        if module.split(".")[0] in NEVER[name.split("/")[0].removesuffix(".py")]
    ]
    assert wrong == []


def test_nothing_of_the_house_imports_tests() -> None:
    assert [
        f"{name}: {module}" for name in house() for module in imports(name) if module.split(".")[0] == "tests"
    ] == []


@pytest.mark.parametrize("house", ["data", "metrics", "pages", "tilannekuva"])
def test_what_belongs_together_has_a_room(house: str) -> None:
    """A stranger reads ten names at a glance: one more module is a room's, or the first of a new one."""
    assert len([file.name for file in (ROOT / house).glob("*.py")]) <= LOOSE


def test_files_stay_readable_in_one_sitting() -> None:
    pages = {f"{spec.module.replace('.', '/')}.py" for spec in PAGES}
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


def test_every_page_is_in_the_registry_and_shows_nothing_by_itself() -> None:
    files = {name for name in python_files("pages") if re.fullmatch(r"pages/\w+(/page)?\.py", name)}
    files -= {"pages/__init__.py", "pages/__main__.py", "pages/shell/page.py"}
    assert files == {f"{spec.module.replace('.', '/')}.py" for spec in PAGES}
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


LOCKS = (
    "requirements.lock",
    "tests/requirements.lock",
    "deploy/spark.lock",
    "deploy/mcp.lock",
    "tests/schemathesis.lock",
    "tests/benchmarks/peers.lock",
)


@pytest.mark.parametrize("lock", LOCKS)
def test_every_locked_package_has_a_hash(lock: str) -> None:
    entries = (ROOT / lock).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    assert entries
    assert [entry.split()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry] == []


def test_the_locks_agree_with_each_other_and_with_the_pins() -> None:
    def pins(text: str) -> set[str]:
        return {pin.lower().replace("_", "-") for pin in re.findall(r"^\W*([\w.-]+==[\w.]+)", text, re.MULTILINE)}

    app, test, *more = (pins((ROOT / name).read_text(encoding="utf-8")) for name in LOCKS)
    for lock in (test, *more):
        assert app <= lock
    assert pins((ROOT / "pyproject.toml").read_text(encoding="utf-8")) <= test.union(*more)


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
