"""What can be wrong with a backup."""

from data.refusal import Refusal


class BackupError(Refusal):
    """A backup cannot be made or restored; nothing has been written.

    `reason`: `exists`, `inside_store`, `not_a_backup`, `damaged`, `forged`, `newer`, `other_keys`, `keys_missing`, `not_empty`,
    `damaged_list` (`path` what each is about); of a passphrase `passphrase_needed`, `passphrase_short` (`least`),
    `passphrase_differs`, `passphrase_wrong`, `passphrase_open` (`path`), `too_busy`.
    """

    family = "backup"
