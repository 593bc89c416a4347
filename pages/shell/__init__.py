"""What stands around every page: menu, language, filters, who may see what, and asking for published values."""
