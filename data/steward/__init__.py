"""What people say about the data: the steward's targets and notes."""
