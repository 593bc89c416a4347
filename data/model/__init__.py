"""What the data are: the record models, their fields, and the schema that follows from them."""
