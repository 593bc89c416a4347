"""Clear changes: the decision for one value (`decision`), and the selection of significant changes among many (`ranking`)."""
