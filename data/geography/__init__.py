"""Where the municipalities of Finland are: their centres, the outline of the country, and how both are laid on a plane."""
