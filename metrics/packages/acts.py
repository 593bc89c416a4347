"""What the commands about packages do: each returns the exit code. Raises Refusal."""

from __future__ import annotations

import argparse
import sys

from data.store.acting import record
from data.store.durable import write_durably
from data.store.existing import existing_store
from data.store.store import Store, store_at
from data.texts import Language, message, number_said
from metrics.grammar.period import default_period
from metrics.grammar.question import Question
from metrics.packages.comparing import own_side, package_side
from metrics.packages.container import content_of
from metrics.packages.errors import PackageError
from metrics.packages.listing import about_lines, area_text, beside_json, beside_lines, other_lines, package_lines
from metrics.packages.making import make, release_of
from metrics.packages.opening import package_of
from metrics.packages.scope import Scope, population_of
from metrics.packages.shelf import Shelf
from metrics.packages.signing import make_publisher, signing_key


def beside(question: Question, store: Store, lang: Language, *, as_json: bool) -> str:
    """Return the answers of a store and of all its packages to a question. Raises QuestionError, StoreError, PackageError."""
    sides = [package_side(question, one) for one in Shelf(store).held()]
    if store.current() is not None:
        sides.insert(0, own_side(question, store, message("package.own", lang)))
    return beside_json(sides) if as_json else "\n".join(beside_lines(sides, question.dimensions, lang))


def publisher(options: argparse.Namespace) -> int:
    """Make the key that signs packages, or tell whose it is."""
    store = store_at(options.store)
    key = make_publisher(store.path, options.name) if options.name else signing_key(store.path)
    if options.name:
        record(store.path, "wrote", {"file": "publisher"}, tells=False)
    told = {"name": key.publisher.name, "fingerprint": key.publisher.fingerprint}
    print(message("package.publisher", options.lang, **told))
    return 0


def package(options: argparse.Namespace) -> int:
    """Put what visitors see into one signed file."""
    store = existing_store(options.store)
    if options.out.exists():
        raise PackageError("exists", path=options.out)
    release, key = release_of(store), signing_key(store.path)
    periods = tuple(dict.fromkeys(options.period or [str(default_period(release.closed_until))]))
    scope = Scope(population_of(store, release, options.area), periods, tuple(options.metric), tuple(options.by))

    def progress(done: int, of: int) -> None:
        if done == of or done % 20 == 0:
            print(message("cli.building", options.lang, done=done, of=of), file=sys.stderr)

    made = make(store, release, scope, key, progress)
    write_durably(options.out, made.content)
    record(store.path, "exported", {"file": "package", "period": ",".join(periods)}, tells=False)
    told = {"path": options.out, "count": made.values, "size": number_said(len(made.content) / 1_000_000, options.lang)}
    area = area_text(made.about.population, options.lang)
    whose = {"name": key.publisher.name, "fingerprint": key.publisher.fingerprint}
    print(message("package.made", options.lang, area=area, **told))
    print("  " + message("package.publisher", options.lang, **whose))
    return 0


def receive(options: argparse.Namespace) -> int:
    """Take in packages of others."""
    shelf = Shelf(store_at(options.store))
    for path in options.file:
        found = package_of(content_of(path), path.name)
        taken = shelf.take(found, options.trust)
        record(shelf.store.path, "wrote", {"file": "packages", "id": found.id}, tells=False)
        print("\n".join([*about_lines(found.about, found.id, options.lang), *other_lines(found, options.lang)]))
        for one in taken.replaced:
            print("  " + message("package.replaced", options.lang, id=one))
    return 0


def packages(options: argparse.Namespace) -> int:
    """List the packages that were taken in, or remove one."""
    shelf = Shelf(store_at(options.store))
    if options.remove:
        shelf.remove(options.remove)
        record(shelf.store.path, "wrote", {"file": "packages", "id": options.remove}, tells=False)
        print(message("package.removed", options.lang, id=options.remove))
        return 0
    print("\n".join(package_lines(shelf.held(), options.lang) or [message("package.none", options.lang)]))
    return 0
