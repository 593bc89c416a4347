"""Quality of guidance by the five national characteristics."""
