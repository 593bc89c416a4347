"""Plain objects between an answer and what draws it: state of the address, points, tables, typed values, sentences."""
