"""Why a sum over several publishers cannot be made."""

from data.refusal import Refusal


class SumError(Refusal):
    """Something about a sum that a person can act on.

    Reasons, of files: `not_one`, `forged`, `exists`, `other_kind`; of a round: `few`, `twice`, `overlap`, `not_a_count`,
    `dimension`, `too_much`, `too_many_cells`, `other_definition`, `other_gate`, `other_cells`; of masking: `no_ticket`,
    `no_fingerprint`, `unknown_publishers`, `again`, `other_people`, `past_damaged`, `key_damaged`; of adding: `missing`,
    `other_round`, `does_not_cancel`.
    """

    family = "sum"
