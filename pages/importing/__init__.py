"""Parts of the import page; with it the only door of pages/ to loading files."""
