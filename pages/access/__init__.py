"""Who may see and do what: the local door, sign-in, roles, and the guard before every request. Closed unless opened by proof."""
