"""Published figures for language models: the operations of the open interface as tools, over the standard streams."""
