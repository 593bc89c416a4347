"""Every code a finding may hold, for those who put it into words."""

METHODS = (
    "newcombe",  # Newcombe's interval, score test
    "newcombe_clustered",  # the same with effective sample sizes, clients having several rows
    "fisher",  # Newcombe's interval, Fisher's exact test
    "standardised_logistic",  # logistic regression, standardised over the sample; weighting beside it
    "poisson",
    "poisson_clustered",  # Poisson regression, errors clustered by client
    "negative_binomial",
    "quasi_poisson",  # Poisson with errors widened by the dispersion, where the negative binomial finds no fit
    "log_rank_cox",
    "cause_specific",  # cause-specific Cox, and Aalen–Johansen at the horizons
    "difference_in_differences",
    "difference_in_differences_areas",  # mean changes of areas compared, where few of them changed
    "interrupted_time_series",
    "interrupted_time_series_controlled",  # of the difference to a comparison series
)
ESTIMATES = (
    "crude",
    "adjusted",
    "weighted",
    "at_183",
    "at_365",
    "at_730",
    "level",
    "slope",
    "level_newey_west",
    "slope_newey_west",
)
GROUPS = (
    "compared",
    "reference",
    "compared_before",
    "compared_after",
    "reference_before",
    "reference_after",
    "before",
    "after",
)
ASSUMPTIONS = (
    "independent_rows",  # no client has several rows; contradicted: they do, and the method counts it in
    "groups_alike",  # the groups are alike in the covariates before any adjustment
    "balanced",  # the groups are alike in the covariates after weighting
    "overlap",  # hardly anyone is sure to be in one group
    "unseen_alike",  # the groups are alike in what is not measured; never testable
    "poisson_dispersion",  # counts vary as Poisson says
    "proportional_hazards",
    "censoring_independent",  # those still open would end as the others do; never testable
    "parallel_trends",  # without the change both areas would have changed alike; tested on the months before
    "no_other_change",  # nothing else changed at the same time; never testable
    "autocorrelation",  # a month tells nothing of the next; contradicted: it does, and the method counts it in
)
WARNINGS = (
    "empty_group",  # no estimate: a group or period is empty
    "no_events",  # no estimate: a group has no events
    "constant_outcome",  # no estimate: every unit has the same outcome
    "too_few_points",  # no estimate: under 8 months before or after
    "few_clusters",  # under 40 clusters: the interval may be too narrow
    "separation",  # a covariate decides the outcome for some
    "overlap_poor",
    "paths_cross",
)
