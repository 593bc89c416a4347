"""Which state of the data an audience gets: what has been released to visitors, or the newest import."""

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import Audience, is_exact


def generation_for(store: Store, audience: Audience) -> Generation:
    """Return the generation that answers an audience. Raises StoreError, `empty` when nothing has been published."""
    return store.serving() if is_exact(audience) else store.released()
