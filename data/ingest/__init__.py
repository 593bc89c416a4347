"""What comes in: files are read, recognised, checked, pseudonymised and merged into a new generation of the store."""
