"""What the notebooks import: the set-up of a lesson."""
