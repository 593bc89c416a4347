"""Backups: a whole store in one file, and back; with its keys only under a passphrase."""
