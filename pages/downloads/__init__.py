"""Downloads of a figure: CSV, XLSX, PNG and SVG, each with its metadata."""
