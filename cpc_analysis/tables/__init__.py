"""The canonical tables: columns typed, rows judged, what breaks a rule set aside with its reason."""
