"""All codes that a result of a hypothesis test may contain; each has its text in the catalogues."""

METHODS = (
    "newcombe",  # Newcombe's interval, score test
    "newcombe_clustered",  # the same with effective sample sizes, clients having several rows
    "fisher",  # Newcombe's interval, Fisher's exact test
    "standardised_logistic",  # logistic regression, standardised over the sample; weighting beside it
    *("poisson", "negative_binomial", "quasi_poisson"),  # of results of earlier versions
    "poisson_clustered",  # ratio of numbers, errors clustered by client
    "poisson_months",  # the same by month, where months vary more than clients explain
    "log_rank_cox",
    "cause_specific",  # cause-specific Cox, and Aalen–Johansen at the horizons
    "difference_in_differences",  # few municipalities: the chance of who came only
    "difference_in_differences_areas",  # variation between municipalities taken in, by t
    "difference_in_differences_permuted",  # the same by permutation of municipalities
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
    "independent_rows",  # no client has several rows; contradicted: some have, and the method allows for it
    "groups_alike",  # facts about the person are balanced before any adjustment
    "balanced",  # facts about the person are balanced after weighting
    "overlap",  # few people have an extreme propensity
    "unseen_alike",  # no unmeasured confounding; never testable
    "poisson_dispersion",  # of results of earlier versions
    "months_alike",  # months' shares of the groups vary as clients explain; contradicted: more, and the interval is wider
    "sizes_as_planned",  # as many people in each group as planned
    "areas_known",  # enough municipalities without the change to know how differently they change
    "proportional_hazards",
    "censoring_independent",  # censoring is independent of the time to the event; never testable
    "parallel_trends",  # without the change both areas would have changed alike; tested on the months before
    "no_other_change",  # nothing else changed at the same time; never testable
    "autocorrelation",  # errors of successive months are independent; contradicted: not so, and the method allows for it
)
WARNINGS = (
    "empty_group",  # no estimate: a group or period is empty
    "no_events",  # no estimate: a group has no events
    "constant_outcome",  # no estimate: every unit has the same outcome
    "too_few_points",  # no estimate: under 8 months before or after
    "few_clusters",  # under 40 clusters: the interval may be too narrow
    "separation",  # a covariate separates the outcomes
    "overlap_poor",
    "paths_cross",
    "few_areas",  # too few municipalities: they cannot tell
    "sampled_clients",  # the ratio is computed from a random choice of clients
)
