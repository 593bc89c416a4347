"""Referrals between services: routes, started shares and losses."""
