"""What is generated into docs/ from the code itself: the data dictionary and the JSON schemas of the project's files."""
