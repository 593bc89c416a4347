"""Why a package cannot be made, taken in or asked."""

from data.refusal import Refusal


class PackageError(Refusal):
    """Something about a package that a person can act on.

    Reasons, of making one: `not_open`, `no_publisher`, `publisher_exists`, `publisher_name`, `publisher_key`, `area`, `exists`,
    `nobody`, `no_values`, `metric`, `dimension`, `too_many_periods`; of reading one: `not_a_package`, `too_large`, `newer`,
    `damaged`, `forged`, `content`; of taking one in: `unknown_publisher`, `other_fingerprint`, `other_key`, `other_gate`,
    `own`, `own_people`, `overlap`, `two_noises`, `older`, `held`, `not_held`; of showing them: `two_named`, `folder_exists`,
    `no_room`.
    """

    family = "package"
