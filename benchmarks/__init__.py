"""Speed of landform, as ratios to bare terraform measured in the same run. Not tests: ``make bench``."""
