"""Forgetting takes one person and nobody else, and the person does not come back with an old file."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from data.cli import main
from data.coverage.removal_log import list_beside_keys, list_too, removal_of, removals_in
from data.coverage.removals import delete_source, find_source
from data.coverage.sources import Sources
from data.ingest.anonymous import SAME
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.forgotten import beside_keys, marks_in, note_beside_keys
from data.ingest.held import held_on
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import PreparedFile
from data.ingest.recognise.asking import question_key
from data.store.keys import key_path
from data.store.releases import open_to_others
from data.store.store import Store, StoreError
from data.texts import LANGUAGES, Language, texts
from tests.data import hashed
from tests.data.backup.test_round_trip import other_keys
from tests.data.ingest.imports import bytes_below, encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
CODE = "131052-308T"
OFTEN = Answers({question_key("same_client", "encounter", "Asiakas"): SAME})
"""The number of most rows is one client's, who comes often."""
Run = Callable[..., tuple[int, str]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the store that each test has a copy of."""
    folder = tmp_path_factory.mktemp("made")
    made = Store(folder / "s")
    load(
        made,
        "main",
        *(f"{row};7;{row}.2.2025;49;Arabia;Työ" for row in range(1, 13)),
        f"90;{CODE};3.2.2025;49;Arabia;Työ",
        answers=OFTEN,
    )
    load(made, "vantaa", "99;Q5;3.2.2025;92;Thai;Työ")
    known = Sources.of(made.path)
    known.save({"vantaa": known.all()[1].model_copy(update={"client_register": "vantaa", "name": "Vantaan kaupunki"})})
    load(
        made,
        "vantaa",
        "99;Q5;3.2.2025;92;Thai;Työ",
        "1;7;4.2.2025;92;Thai;Työ",
        f"2;{CODE};4.2.2025;92;Arabia;Työ",
        "3;0012;5.2.2025;92;Thai;Työ",
    )
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    """Vantaa has a register of its own: its client 7 is another person than the main source's, who comes often. Both have served
    CODE.
    """
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "s")


def load(store: Store, source: str, *lines: str, answers: Answers | None = None) -> PreparedFile:
    path = encounters(store.path.parent, *lines, name=f"{source}.csv", header=HEADER)
    wishes = Wishes(source=source, answers=answers or Answers())
    done, _ = publish(prepare([path], store, wishes=wishes).with_defaults(), store, "test")
    return done.files[0]


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str, lang: str = "en") -> tuple[int, str]:
        capsys.readouterr()
        code = main([*words, "--store", str(store.path), "--lang", lang])
        told = capsys.readouterr()
        return code, told.out + told.err

    return command


def by_place(store: Store) -> dict[str, int]:
    query = "SELECT municipality::VARCHAR, count(*) FROM encounter GROUP BY ALL ORDER BY ALL"
    return {str(place): int(str(count)) for place, count in rows(store, query)}


@pytest.mark.parametrize(("written", "lang"), [("7", "fi"), ("7", "sv"), ("7", "en"), (" 7\u00a0", "fi"), ("７", "fi")])
def test_a_number_of_two_people_is_taken_from_nobody(lang: Language, written: str, store: Store, run: Run) -> None:
    before = [one.token for one in store.history()]
    code, said = run("forget", "--client", written, lang=lang)
    assert code == 2
    t = texts(lang)
    for words in (
        "Vantaan kaupunki",
        t("question.source.main"),
        t("removal.rows.few", to=10),
        t("removal.rows.some", first=10, last=99),
        "--source",
    ):
        assert words in said
    assert "7" not in said.replace(str(store.path), "")
    assert [one.token for one in store.history()] == before


def test_with_its_source_it_is_one_persons(store: Store, run: Run) -> None:
    assert run("forget", "--client", "7", "--source", "vantaan kaupunki")[0] == 0
    assert by_place(store) == {"049": 13, "092": 3}
    code, said = run("forget", "--client", "7", "--source", "Vantaan kaupunki")
    assert (code, texts("en")("refusal.removal.already") in said) == (2, True)
    assert run("forget", "--client", "7")[0] == 0, "only one is left"
    assert by_place(store) == {"049": 1, "092": 3}


@pytest.mark.parametrize("name", ["Nimetön aineisto", "The source without a name", "MAIN"])
def test_the_main_source_is_known_by_what_people_see(name: str, store: Store, run: Run) -> None:
    assert "There is no source" in run("forget", "--client", "7", "--source", "Oulu")[1]
    assert run("forget", "--client", "7", "--source", name)[0] == 0
    assert by_place(store) == {"049": 1, "092": 4}


@pytest.fixture
def later(store: Store) -> Store:
    """Espoo's files had the numbers of everybody before they had their own: a first row of each number has the common key."""
    load(
        store, "espoo", "201;7;5.2.2025;91;Thai;Työ", "202;55;5.2.2025;91;Thai;Työ", f"203;{CODE};5.2.2025;91;Thai;Työ"
    )
    known = Sources.of(store.path)
    espoo = next(one for one in known.all() if one.id == "espoo")
    known.save({"espoo": espoo.model_copy(update={"client_register": "espoo"})})
    load(store, "espoo", "204;7;6.3.2025;91;Thai;Työ", "205;55;6.3.2025;91;Thai;Työ")
    return store


def test_rows_of_before_a_source_had_its_own_numbers_are_its_persons_too(later: Store, run: Run) -> None:
    assert len(held_on(later, "7", find_source(later, "espoo")).rows) == 2
    assert len(held_on(later, "7", find_source(later, "main")).rows) == 12
    assert run("forget", "--client", "7", "--source", "espoo")[0] == 0
    assert by_place(later) == {"049": 13, "091": 3, "092": 4}, "those of main's client 7 are somebody else's"
    assert run("forget", "--client", "55")[0] == 0, "one person, whatever the keys"
    assert by_place(later) == {"049": 13, "091": 1, "092": 4}
    assert run("forget", "--client", "55")[1] == run("forget", "--client", "7", "--source", "espoo")[1]
    assert run("forget", "--client", "7", "--source", "main")[0] == 0
    assert by_place(later) == {"049": 1, "091": 1, "092": 4}


def test_who_shares_the_common_key_stays(later: Store, run: Run) -> None:
    assert run("forget", "--client", "7", "--source", "main")[0] == 0
    assert by_place(later) == {"049": 1, "091": 5, "092": 4}
    assert run("forget", "--client", CODE)[0] == 0
    assert by_place(later) == {"091": 4, "092": 3}


def test_rows_of_before_come_back_neither_with_a_file_nor_with_a_backup(later: Store, run: Run, tmp_path: Path) -> None:
    assert run("backup", str(tmp_path / "b.zip"))[0] == 0
    assert run("forget", "--client", "7", "--source", "espoo")[0] == 0
    new = tmp_path / "n" / "s"
    new.parent.mkdir()
    for path in (key_path(later.path), beside_keys(later.path)):
        shutil.copy(path, new.parent / path.name)
    assert main(["restore", str(tmp_path / "b.zip"), "--store", str(new)]) == 0
    assert by_place(Store(new)) == {"049": 13, "091": 3, "092": 4}
    espoo = find_source(later, "espoo")
    Sources.of(later.path).save(
        {"espoo": espoo.model_copy(update={"client_register": ""})}
    )  # as if nobody had said so yet
    assert load(later, "espoo", "206;7;6.3.2025;91;Thai;Työ").counts.forgotten == 1
    assert load(later, "main", "1;7;1.2.2025;49;Arabia;Asuminen").counts.forgotten == 0
    Sources.of(later.path).save({"espoo": espoo})
    assert run("forget", "--client", "7", "--source", "espoo", "--allow")[0] == 0
    assert load(later, "espoo", "201;7;5.2.2025;91;Thai;Työ").counts.forgotten == 0


def test_an_identity_code_is_one_person_everywhere(store: Store, run: Run) -> None:
    code, said = run("forget", "--client", CODE.lower())
    assert (code, CODE in said) == (0, False)
    assert by_place(store) == {"049": 12, "092": 3}


def test_another_way_of_writing_is_said_and_not_taken(store: Store, run: Run) -> None:
    code, said = run("forget", "--client", "12")
    assert (code, "00##" in said, "12" in said) == (2, True, False)
    load(store, "vantaa", "99;Q5;3.2.2025;92;Thai;Työ", "4;12;6.2.2025;92;Thai;Työ")
    code, said = run("forget", "--client", "12")
    assert (code, "00##" in said) == (0, True)
    assert by_place(store) == {"049": 13, "092": 4}
    assert run("forget", "--client", "0012")[0] == 0
    assert by_place(store) == {"049": 13, "092": 3}


def test_whom_the_release_alone_has_is_forgotten(store: Store, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their rows were deleted, which waits for others in the release, and no version is kept from before that."""
    monkeypatch.setattr("data.store.store.KEEP", 0)
    load(store, "main", "95;8;31.3.2025;49;Arabia;Työ")
    open_to_others(store)
    delete_source(store, Sources.of(store.path).all()[1])
    query = "SELECT count(*) FROM encounter WHERE language = 'th'"
    with store.reading(store.released()) as connection:
        assert connection.execute(query).fetchone() == (3,)
    assert {row.places for row in held_on(store, "Q5").rows} == {("release",)}
    assert run("forget", "--client", "7")[0] == 2, "there it is two people's"
    assert run("forget", "--client", "Q5")[0] == 0
    with store.reading(store.released()) as connection:
        assert connection.execute(query).fetchone() == (2,)
    assert load(store, "vantaa", "99;Q5;3.2.2025;92;Thai;Työ").counts.forgotten == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_forgotten_client_does_not_come_back_with_an_old_file(lang: Language, store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    old = encounters(
        store.path.parent, "1;7;1.2.2025;49;Arabia;Työ", "2; 7;2.2.2025;49;Arabia;Työ", "50;8;2.2.2025;49;Arabia;Työ",
        name="main.csv", header=HEADER,
    )  # fmt: skip
    code, said = run("import", str(old), "--source", "main", lang=lang)
    assert code == 0
    assert texts(lang)("loading.report.forgotten", forgotten=2) in said
    assert by_place(store) == {"049": 2, "092": 4}
    done = load(store, "vantaa", "1;7;4.2.2025;92;Thai;Asuminen")
    assert (done.counts.replaced, done.counts.forgotten) == (1, 0), "Vantaa's client 7 is somebody else"


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["gone", "empty"])
def test_a_list_that_is_lost_brings_nobody_back(lost: Callable[[Path], object], store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    lost(store.path / "sources" / "forgotten.txt")
    assert load(store, "main", "1;7;1.2.2025;49;Arabia;Työ", "80;8;1.2.2025;49;Arabia;Työ").counts.forgotten == 1
    run("forget", "--client", "8", "--source", "main")
    assert len((store.path / "sources" / "forgotten.txt").read_text().splitlines()) == 2, "it is whole again"


def test_a_list_that_is_cut_brings_nobody_back(store: Store, run: Run) -> None:
    load(store, "main", "80;8;1.2.2025;49;Arabia;Työ")
    for client in ("7", "8"):
        assert run("forget", "--client", client, "--source", "main")[0] == 0
    own = store.path / "sources" / "forgotten.txt"
    own.write_text("".join(own.read_text().splitlines(keepends=True)[:1]))
    assert load(store, "main", "1;7;1.2.2025;49;Arabia;Työ", "80;8;1.2.2025;49;Arabia;Työ").counts.forgotten == 2


def test_nobody_comes_back_where_neither_list_can_be_read(store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    (store.path / "sources" / "forgotten.txt").unlink()
    beside_keys(store.path).write_text("no mark\n")
    with pytest.raises(StoreError, match="damaged_line"):
        load(store, "main", "1;7;1.2.2025;49;Arabia;Työ")


def test_nobody_is_let_in_again_whom_the_list_beside_the_keys_would_keep_out(store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    path = beside_keys(store.path)
    path.write_text("no mark\n")
    assert run("forget", "--client", "7", "--allow")[0] == 2
    path.unlink()
    assert run("forget", "--client", "7", "--allow")[0] == 0


def test_whom_no_register_may_bring_back(store: Store, run: Run) -> None:
    run("forget", "--client", CODE)
    for source in ("main", "vantaa", "new"):
        assert load(store, source, f"70;{CODE};4.2.2025;92;Arabia;Työ").counts.forgotten == 1
    assert by_place(store) == {"049": 12, "092": 3}


POINTS = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Palvelupiste"


def points(store: Store) -> list[str]:
    """The service points of the serving version and of the release, and what is kept of them anywhere."""
    found = set[str]()
    for generation in (*store.history(), store.released()):
        with store.reading(generation) as connection:
            found |= {str(name) for (name,) in connection.execute("SELECT name_fi FROM service_point").fetchall()}
    return sorted(found)


def test_a_place_that_only_the_forgotten_has_named_is_forgotten_too(tmp_path: Path) -> None:
    """Unless somebody has listed it, or somebody else has been there."""
    store = Store(tmp_path / "s")
    listed = encounters(
        tmp_path, "kotikoulu;Kotikoulu;Espoo", "tyhja;Tyhjä;Espoo", name="p.csv", header="koodi;nimi;kunta"
    )
    publish(prepare([listed], store).with_defaults(), store, "test")
    there = ("Turvakoti", "Kirjasto", "Kotikoulu")
    lines = [f"{n};1;{n}.2.2025;49;Arabia;Työ;{name}" for n, name in enumerate(there, 1)]
    path = encounters(tmp_path, *lines, "9;2;9.2.2025;49;Thai;Työ;Kirjasto", header=POINTS)
    publish(prepare([path], store).with_defaults(), store, "test")
    open_to_others(store)
    assert points(store) == ["Kirjasto", "Kotikoulu", "Turvakoti", "Tyhjä"]
    more = encounters(tmp_path, "10;1;1.3.2025;49;Arabia;Työ;Leskien talo", header=POINTS, name="b.csv")
    waiting = prepare([more], store).with_defaults()
    assert main(["forget", "--client", "1", "--store", str(store.path)]) == 0
    assert points(store) == ["Kirjasto", "Kotikoulu", "Tyhjä"]
    publish(waiting, store, "test")
    assert points(store) == ["Kirjasto", "Kotikoulu", "Tyhjä"], "a file that waited does not bring the place back"
    assert not any("urvakoti" in content.decode("latin-1") for content in bytes_below(store.path))


def test_a_file_that_waited_brings_nobody_back(store: Store, run: Run) -> None:
    path = encounters(
        store.path.parent, "1;7;1.2.2025;49;Arabia;Asuminen", "51;8;2.2.2025;49;Arabia;Työ", header=HEADER
    )
    waiting = prepare([path], store, wishes=Wishes(source="main")).with_defaults()
    run("forget", "--client", "7", "--source", "main")
    done, _ = publish(waiting, store, "test")
    assert (done.files[0].counts.forgotten, done.files[0].counts.loaded) == (1, 1)
    assert by_place(store) == {"049": 2, "092": 4}
    assert rows(store, "SELECT count(*) FROM client") == [(5,)]


def test_the_list_does_not_tell_who_is_on_it(store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    run("forget", "--client", CODE)
    kept = (store.path / "sources" / "forgotten.txt").read_bytes()
    marks = kept.splitlines()
    assert marks == sorted(marks)
    assert len({len(mark) for mark in marks}) == 1
    secret = [hashed.pseudonym(store.keys, number) for number in ("7", CODE)]
    for content in bytes_below(store.path):
        assert not any(one.encode() in content for one in secret)
        assert CODE.encode() not in content
    assert not any(one.encode()[:16] in kept for one in secret)
    other = Store(store.path.with_name("other"))
    other_keys(key_path(other.path))
    load(other, "main", "1;7;4.2.2025;92;Thai;Työ")
    assert main(["forget", "--client", "7", "--store", str(other.path)]) == 0
    assert (other.path / "sources" / "forgotten.txt").read_bytes() not in kept, "another key, other marks"


def test_a_client_may_be_let_in_again(store: Store, run: Run) -> None:
    run("forget", "--client", "7", "--source", "main")
    assert run("forget", "--client", "7", "--allow", "--source", "vantaa")[0] == 2
    assert run("forget", "--client", "7", "--allow")[0] == 0
    assert run("forget", "--client", "7", "--allow")[0] == 2
    assert load(store, "main", "1;7;1.2.2025;49;Arabia;Työ").counts.loaded == 1


def test_who_could_not_be_forgotten_is_not_on_the_list(store: Store, monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    def busy(*_: object) -> None:
        raise StoreError("busy", store.path)

    with monkeypatch.context() as patch:
        patch.setattr("data.ingest.forgetting.rewrite", busy)
        assert run("forget", "--client", "Q5")[0] == 2
    assert load(store, "main", "60;Q5;1.2.2025;49;Arabia;Työ").counts.forgotten == 0
    (store.path / "sources" / "forgotten.txt").write_text("who\n")
    assert "forgotten.txt" in run("import", str(store.path.parent / "main.csv"))[1]


def test_stores_of_the_same_keys_forget_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They share the list beside the keys: what one adds to it the other does not write over."""
    monkeypatch.setenv("TILANNEKUVA_KEYS", str(tmp_path / "shared.keys"))
    stores, lists = [Store(tmp_path / name) for name in "ab"], [range(0, 40, 2), range(1, 40, 2)]

    def forget(store: Store, marks: Iterable[int]) -> None:
        assert all(note_beside_keys(store, {mark}) for mark in marks)
        assert all(list_too(store.path, [removal_of(what="source", rows=mark, generation=mark)]) for mark in marks)

    with ThreadPoolExecutor() as pool:
        list(pool.map(forget, stores, lists))
    assert marks_in(beside_keys(stores[0].path)) == set(range(40))
    assert {line.generation for line in removals_in(list_beside_keys(stores[0].path))} == set(range(40))
