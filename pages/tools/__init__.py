"""The open interface: published figures for programs, over HTTP, by the closed grammar of questions."""
