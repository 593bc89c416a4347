"""Definitions taken by a store: what they change is said first, figures follow, the old ones are kept, and notes tell when."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.backup.contents import taken
from data.refusal import refusal_text
from data.store import lists
from data.store.audit import AuditLog
from data.store.repair import damage, repair
from data.store.sealed import sealed
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, texts
from metrics.ask import ask
from metrics.cli import main
from metrics.grammar.question import Question
from metrics.model.definition import (
    DefinitionsError,
    Origin,
    authors_of,
    definitions,
    definitions_mark,
    origin_of,
    own_definitions,
    own_origin,
    put_in_force,
)
from metrics.registry import in_force
from metrics.registry import shelf as shelf_of_definitions
from metrics.registry.differing import differences
from metrics.registry.errors import RegistryError
from metrics.registry.folder import read_registry
from metrics.registry.shelf import DefinitionShelf, last_change, use
from metrics.registry.trial import together
from tests.conftest import own_copy
from tests.metrics.registry.conftest import ABOUT, folder_of, own, phone_share, started_in_90
from tilannekuva import kept

SHARE = "referral_started_share"


@pytest.fixture
def store(published: Path, tmp_path: Path) -> Store:
    return Store(own_copy(published, tmp_path / "store"))


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    text = own("warm_share").replace("Osuus", "Osa", 1)
    return folder_of(
        tmp_path / "registry", referral_started_share=started_in_90(), phone_share=phone_share(), warm_share=text
    )


def value(store: Store, metric: str = SHARE) -> tuple[float | None, int]:
    answer = ask(Question((metric,), period="2025"), store)
    return answer.rows[0].value, answer.definition_version[metric]


def test_the_difference_is_said_by_kind_and_part(registry: Path) -> None:
    found = differences(own_definitions(), together(read_registry(registry).known))
    assert {one.metric: (one.kind, set(one.parts)) for one in found} == {
        SHARE: ("counted", {"formula", "denominator", "texts", "review"}),
        "phone_share": ("new", set()),
        "warm_share": ("told", {"texts", "review"}),
    }


def test_figures_before_and_after_are_shown_as_visitors_see_them(
    store: Store, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = ["definitions", "diff", str(registry), "--store", str(store.path)]
    assert main([*line, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["registry"] == {"name": "Kansallinen mittaristo", "version": "2026.11"}
    by_metric = {one["metric"]: one for one in told["changes"]}
    figures = {one["period"]: one for one in by_metric[SHARE]["figures"]}
    assert list(figures) == ["2025", "2026-10"]
    before, after = figures["2025"]["before"], figures["2025"]["after"]
    assert (before["value"], after["value"]) == (value(store)[0], pytest.approx(after["value"]))
    assert before["value"] < after["value"]
    assert by_metric["phone_share"]["figures"][0]["before"] is None
    assert by_metric["warm_share"]["figures"] == []
    # Numbers that stand behind a share are published ones, too.
    numbers = [one[key] for one in (before, after) for key in ("n", "numerator", "denominator")]
    assert all(number % 5 == 0 for number in numbers if number is not None)
    assert value(store) == (before["value"], 3)
    for lang in LANGUAGES:
        assert main([*line, "--lang", lang]) == 0
        said = capsys.readouterr().out
        assert own_definitions()[SHARE].name[lang] in said
        assert "3 → 4" in said
        assert "→" in said


def test_definitions_are_taken_and_given_back(store: Store, registry: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stored = ["--store", str(store.path), "--lang", "en"]
    own_value, _ = value(store)
    assert main(["definitions", "update", str(registry), *stored]) == 2
    assert "--yes" in capsys.readouterr().err
    assert not DefinitionShelf(store).numbers()
    assert main(["definitions", "update", str(registry), *stored, "--yes"]) == 0
    assert main(["definitions", "update", str(registry), *stored, "--yes"]) == 2
    new_value, version = value(store)
    assert (new_value != own_value, version) == (True, 4)
    assert definitions()["phone_share"].reviewer == "Työryhmä"
    assert main(["definitions", "list", *stored]) == 0
    assert "The time is 90 days" in capsys.readouterr().out
    assert main(["definitions", "rollback", "0", *stored]) == 2
    assert main(["definitions", "rollback", "0", "--yes", *stored]) == 0
    assert main(["definitions", "rollback", "0", "--yes", *stored]) == 2
    assert value(store) == (own_value, 3)
    # What is saved of a metric that is no more must still be read.
    assert "phone_share" in definitions()
    assert main(["definitions", "rollback", "1", "--yes", *stored]) == 0
    assert value(store) == (new_value, 4)
    assert [one.back_to for one in DefinitionShelf(store).history()] == [None, 0, 1]
    lines = [line.about for line in AuditLog(store.path).lines() if line.about.get("file") == "definitions"]
    assert [line["id"] for line in lines] == [1, 2, 3]
    with taken(store) as contents:
        assert {f"definitions/{number:06d}.json" for number in (1, 2, 3)} <= contents.files.keys()


def test_each_definition_tells_which_set_it_comes_from(store: Store, registry: Path, tmp_path: Path) -> None:
    shelf, whole = DefinitionShelf(store), Origin(name="Kansallinen mittaristo", version="2026.11")
    newest = max(change.date for one in own_definitions().values() for change in one.changes)
    assert own_origin() == Origin(name="Tilannekuva", version=newest, authors=("Tilannekuva contributors",))
    shelf.take(read_registry(registry))
    assert [origin_of(name) for name in (SHARE, "phone_share", "clients")] == [whole, whole, own_origin()]
    changed = started_in_90().replace("Osuus", "Osa", 1)
    smaller = folder_of(tmp_path / "smaller", ABOUT.replace("11", "12"), referral_started_share=changed)
    shelf.take(read_registry(smaller))
    later = Origin(name="Kansallinen mittaristo", version="2026.12")
    assert [origin_of(name) for name in (SHARE, "phone_share", "clients")] == [later, whole, own_origin()]
    shelf.go_back(1)
    put_in_force(None)
    use(store)
    assert [origin_of(name) for name in (SHARE, "phone_share", "clients")] == [whole, whole, own_origin()]
    shelf.go_back(0)
    assert [origin_of(name) for name in (SHARE, "phone_share")] == [own_origin(), whole]
    assert authors_of(definitions()["clients"]) == own_origin().authors
    assert authors_of(definitions()["phone_share"]) == ("KEHA-keskus",)


def test_what_a_registry_has_no_more_stays(
    store: Store, registry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    text = started_in_90().replace("Osuus", "Osa", 1)
    folder = folder_of(tmp_path / "smaller", ABOUT.replace("11", "12"), referral_started_share=text)
    line = ["definitions", "diff", str(folder), "--store", str(store.path), "--format", "json"]
    assert main(line) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert {one["metric"]: one["kind"] for one in changes} == {
        SHARE: "told", "phone_share": "gone", "warm_share": "gone",
    }  # fmt: skip
    there = definitions()["warm_share"]
    made = shelf.take(read_registry(folder))
    assert "phone_share" in definitions()
    assert definitions()["warm_share"] == there
    assert [one.metric for one in made.changes] == [SHARE]


def test_a_version_is_counted_in_one_way(
    store: Store, registry: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    otherwise = folder_of(tmp_path / "other", referral_started_share=started_in_90().replace("<= 90", "<= 60"))
    with pytest.raises(RegistryError) as found:
        shelf.take(read_registry(otherwise))
    assert found.value.reason == "version"
    for step in ("diff", "update"):
        assert (
            main(["definitions", step, str(otherwise), "--store", str(store.path), *["--yes"] * (step == "update")])
            == 2
        )
    assert SHARE in capsys.readouterr().err
    assert shelf.numbers() == (1,)


def test_registries_stand_beside_each_other(store: Store, registry: Path, tmp_path: Path) -> None:
    """What the second has not stays as the first has it, also of the program's own metrics; no two have one name."""
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    second = own("warm_share").replace("Osuus", "Määrä", 1)
    shelf.take(read_registry(folder_of(tmp_path / "second", warm_share=second)))
    assert definitions()[SHARE].version == 4
    alike = phone_share().replace('id = "phone_share"', 'id = "calls_share"')
    with pytest.raises(DefinitionsError, match="has it"):
        shelf.take(read_registry(folder_of(tmp_path / "third", calls_share=alike)))
    assert shelf.numbers() == (1, 2)


def test_a_number_of_a_version_is_not_given_again_after_going_back(
    store: Store, registry: Path, tmp_path: Path
) -> None:
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    shelf.go_back(0)
    otherwise = folder_of(tmp_path / "other", referral_started_share=started_in_90().replace("<= 90", "<= 60"))
    with pytest.raises(RegistryError) as found:
        shelf.take(read_registry(otherwise))
    assert (found.value.reason, found.value.params["metric"]) == ("version", SHARE)
    shelf.take(read_registry(registry))
    assert definitions()[SHARE].version == 4


def test_a_damaged_set_is_found_and_not_passed_over(
    store: Store, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf, stored = DefinitionShelf(store), ["--store", str(store.path)]
    shelf.take(read_registry(registry))
    shelf.go_back(0)
    file = shelf.folder / "000002.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Tilannekuva", "Tilannekuvo"), encoding="utf-8")
    assert main(["definitions", "list", *stored]) == 0
    assert texts("fi")("definitions.in_force") not in capsys.readouterr().out
    assert [(one.reason, one.params["detail"]) for one in damage(store)] == [
        ("damaged_definitions", "definitions/000002.json")
    ]


@pytest.mark.parametrize("harm", [lambda path: path.write_text("{}"), lambda path: (path.unlink(), path.mkdir())])
def test_a_damaged_set_that_another_has_replaced_is_set_aside(
    harm: Callable[[Path], object], store: Store, registry: Path
) -> None:
    """Until then nothing can be done for it: it is what figures are counted by."""
    lists.knows("metrics", kept.kinds)
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    harm(shelf.folder / "000001.json")
    assert list(repair(store)) == []
    shelf.go_back(0)
    assert [(one.deed, one.what) for one in repair(store)] == [("definitions", "definitions/000001.json")]
    assert list(damage(store)) == []
    assert list(repair(store)) == []
    assert (store.path / "damaged" / "definitions-000001.json").exists()
    assert shelf.numbers() == (2,)


def test_sets_that_are_gone_are_not_the_programs_own_definitions(store: Store, registry: Path) -> None:
    """Figures would be counted otherwise than yesterday, and nobody would say so."""
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    (shelf.folder / "000001.json").unlink()
    with pytest.raises(RegistryError, match="damaged_set"):
        use(store)
    assert [one.params["detail"] for one in kept.damage(store.path)] == ["definitions/000001.json"]
    shelf.take(read_registry(registry))
    use(store)
    assert list(kept.damage(store.path)) == []


@pytest.mark.parametrize("harm", ["newest", "all", "note"])
def test_the_set_before_is_not_in_force_once_the_newest_is_lost(
    harm: str, store: Store, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Figures would be counted by older definitions, and look as if they were of today's."""
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    shelf.go_back(0)
    match harm:
        case "newest":
            (shelf.folder / "000002.json").unlink()
        case "all":
            shutil.rmtree(shelf.folder)
        case _:
            (store.path / "definitions.json").write_text('{"newest": 1, "checksum": "0"}')
    for look in (in_force.use, in_force.check):
        with pytest.raises(RegistryError, match="damaged_set"):
            look(store)
    named = "definitions.json" if harm == "note" else "definitions/000002.json"
    assert [one.params["detail"] for one in kept.damage(store.path)] == [named]
    assert main(["definitions", "list", "--store", str(store.path)]) == 2
    said = capsys.readouterr()
    assert texts("fi")("definitions.in_force") not in said.out
    assert texts("fi")("refusal.definitions.damaged_set", number=2) in said.err
    shelf.go_back(0)
    assert shelf.numbers()[-1] == 3, "no number is given again"
    in_force.use(store)
    assert list(kept.damage(store.path)) == []


def test_a_first_set_that_cannot_be_written_leaves_the_programs_own(
    store: Store, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, _: str) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    monkeypatch.setattr(shelf_of_definitions, "create_durably", full)
    with pytest.raises(StoreError, match="no_room"):
        DefinitionShelf(store).take(read_registry(registry))
    monkeypatch.undo()
    use(store)
    assert not [path.name for path in store.path.iterdir() if path.name.startswith("definitions")]
    assert DefinitionShelf(store).take(read_registry(registry)).number == 1


def test_figures_tell_since_when_they_are_counted_otherwise(store: Store, registry: Path) -> None:
    until = store.released().closed_until
    use(store)
    assert last_change(store, SHARE, until) is None
    made = DefinitionShelf(store).take(read_registry(registry))
    found = last_change(store, SHARE, until)
    assert found is not None
    day, change = found
    assert (day, change.before, change.after) == (made.day, 3, 4)
    assert change.what is not None
    assert change.what["fi"] == "Aikaa on 90 päivää"
    assert last_change(store, "warm_share", until) is None
    assert last_change(store, "phone_share", until) is None
    assert last_change(store, SHARE, until.replace(year=until.year + 3)) is None


def test_another_store_has_its_own_definitions(store: Store, registry: Path, published: Path) -> None:
    DefinitionShelf(store).take(read_registry(registry))
    mark = definitions_mark()
    use(Store(published))
    assert (definitions() is own_definitions(), definitions_mark()) == (True, "")
    use(store)
    assert definitions_mark() == mark != ""


def test_a_damaged_set_is_said_and_can_be_given_back(
    store: Store, registry: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(registry))
    file = shelf.folder / "000001.json"
    file.write_text(file.read_text().replace("start_days <= 90", "start_days <= 91"))
    put_in_force(None)
    with pytest.raises(RegistryError) as found:
        use(store)
    assert found.value.reason == "damaged_set"
    assert main(["ask", "clients", "--store", str(store.path)]) == 2
    assert main(["definitions", "rollback", "0", "--yes", "--store", str(store.path)]) == 0
    assert main(["ask", "clients", "--store", str(store.path)]) == 0
    capsys.readouterr()


def test_refusals_are_said_in_words() -> None:
    for lang in LANGUAGES:
        for reason in ("no_longer_valid", "damaged_set", "not_computed", "no_such_set", "linked"):
            told = RegistryError(reason, number=3, why="x", metric="clients", path="p", name="n")
            assert "{" not in refusal_text(told, texts(lang))


def versions_of(channels: str, version: int) -> str:
    """A version of a share of some channels."""
    return phone_share().replace("= 'phone'", f"IN ({channels})").replace("version = 1\n", f"version = {version}\n")


def test_lists_of_a_column_are_few_for_good(store: Store, tmp_path: Path) -> None:
    shelf = DefinitionShelf(store)
    lists = ["'phone', 'video'", "'phone', 'message'", "'video', 'message'", "'phone', 'group'"]
    folders = [
        folder_of(tmp_path / str(number), phone_share=versions_of(one, number)) for number, one in enumerate(lists, 1)
    ]
    for folder in folders[:3]:
        shelf.take(read_registry(folder))
    with pytest.raises(DefinitionsError, match=r"encounter\.channel"):
        shelf.take(read_registry(folders[3]))
    assert shelf.numbers() == (1, 2, 3)


def test_what_counts_a_few_is_not_in_force_however_it_was_taken(store: Store, tmp_path: Path) -> None:
    shelf = DefinitionShelf(store)
    shelf.take(read_registry(folder_of(tmp_path / "r", phone_share=phone_share())))
    put_in_force(None)
    [file] = shelf.folder.iterdir()
    few = phone_share().replace("channel = 'phone'", "channel = 'phone' OR (channel = 'video' AND joint)")
    made = shelf.taken(1).model_copy(update={"files": {"phone_share.toml": few}})
    file.write_text(sealed(made.model_dump(mode="json")), encoding="utf-8")
    with pytest.raises(RegistryError) as found:
        use(store)
    assert found.value.reason == "no_longer_valid"
    shelf.go_back(0)
    assert "phone_share" not in definitions()
