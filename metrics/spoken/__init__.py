"""Questions in plain words, read by a closed list of words: what is not in it is said not to be understood, never guessed."""
