"""Why cells are not counted on a cluster."""

from data.refusal import Refusal


class ClusterError(Refusal):
    """Cells cannot be counted on a cluster.

    `reason`: `no_pyspark`, `no_java`, `not_started` and `no_access` (`what` the class of the error), `no_folder` (`folder`),
    `other_rows` (`folder`: none of this state of the data), `other_version` (`folder`: of another version of the program),
    `rows_missing` (`folder`, `part` of it), `lacking` (`what`: a library that the cluster's machines do not have), `differs`
    (`what`: it is of another version there), `stopped` (`what` the class of the error, which holds no value of a record);
    `old_store`, when the store is of an earlier version.
    """

    family = "cluster"
