"""When a start in work is the one that somebody left a competence centre for."""

from __future__ import annotations

from data.codes import WORK_KINDS

_NEAR = 31
"""Days around the last day of an enrolment within which the work for which it ended begins, or goes on."""

LEFT_FOR_WORK = f"""(
    o.client = n.client AND o.kind::VARCHAR IN {WORK_KINDS} AND o.started_on >= n.started_on
    AND coalesce(o.started_on <= n.ended_on + {_NEAR}, TRUE) AND coalesce(o.ended_on >= n.ended_on - {_NEAR}, TRUE)
)"""
"""SQL for whether an outcome `o` tells of the work for which an enrolment `n` ended: begun since the enrolment, not long after it
ended, and not over long before. Work a year earlier or later is another one."""
