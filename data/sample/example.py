"""The sample municipality to look at before there are data of one's own: beside one's own store, which it leaves as it is."""

from collections.abc import Callable

from data.store.durable import write_durably
from data.store.store import LEFT, Store, default_store, example_store, own_store


def shown() -> Store | None:
    """The example while it is what the app shows, else None."""
    store = default_store()
    return store if store.path != own_store().path else None


def can_show() -> bool:
    """Whether it would be shown: data of one's own come first."""
    return not own_store().is_made


def show(progress: Callable[[int, int], None] = lambda done, of: None) -> None:
    """Show the example from now on, until somebody leaves it or there are data of one's own. Made now, unless it has been.

    progress: told how many tables are made, and of how many. Raises StoreError, KeyFileError, NotASampleStoreError.
    """
    from data.sample.plan import make_plan  # to make it takes more than to look whether it is there
    from data.sample.publish import NotASampleStoreError, publish

    store, plan = example_store(), make_plan()
    found = store.current()
    if found is not None and not store.is_sample:
        raise NotASampleStoreError(store.path)
    if found is None or (plan.last - found.closed_until).days > 0:  # an old one
        publish(plan, store, progress)
    (store.path / LEFT).unlink(missing_ok=True)


def leave() -> None:
    """Show one's own store again, with or without data. The example stays beside it and is not shown. Raises OSError."""
    if store := shown():
        write_durably(store.path / LEFT, "")
