"""A published site as files: one accessible page for each figure of a package, without a server."""
