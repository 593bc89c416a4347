"""What a figure of an area would be if its clients fared as clients like them do in the whole area: indirect standardisation."""
