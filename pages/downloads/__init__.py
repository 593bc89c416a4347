"""Files of a figure: CSV, XLSX, PNG and SVG, each with what it stands on inside."""
