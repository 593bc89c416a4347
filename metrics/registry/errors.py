"""Why a folder of definitions cannot be read, taken or given back."""

from data.refusal import Refusal


class RegistryError(Refusal):
    """Something about a folder of definitions that a person can act on.

    Reasons, of reading one: `not_there`, `too_large`, `too_many`, `name`, `linked`, `damaged`, `two_folders`, `no_about`,
    `about`, `none`; of taking it: `same`, `version`, `not_confirmed`, `not_computed`; of those that were taken: `no_such_set`,
    `in_force`, `damaged_set`, `no_longer_valid`.
    """

    family = "definitions"

    @property
    def is_of_server(self) -> bool:
        """Its texts name commands, and files of definitions."""
        return True
