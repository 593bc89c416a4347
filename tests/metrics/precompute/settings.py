"""Says what databases of this process keep to: most memory, and where they write what does not fit."""

from pathlib import Path

from data.store.resources import database, spill_of

if __name__ == "__main__":
    print(database().execute("SELECT current_setting('memory_limit')").fetchall()[0][0])
    print(spill_of(Path("/store/000001.duckdb")).parent)
