"""Speed of landform, against bare terraform and other tools in the same run. Not tests: ``make bench``."""
