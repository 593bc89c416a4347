"""Reports that go out by themselves: once for each release, into a folder and by e-mail, with protected figures only."""
