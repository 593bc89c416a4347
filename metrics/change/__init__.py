"""Clear changes: what is compared (`earlier`), the decision for one value (`decision`) and its power (`power`), and the
selection of changes among many (`ranking`)."""
