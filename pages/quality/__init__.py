"""How well the service is given, by the five national characteristics."""
