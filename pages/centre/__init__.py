"""The page Osaamiskeskus: the way through the competence centre, and what its recommendations ask for."""
