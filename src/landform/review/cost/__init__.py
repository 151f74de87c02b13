"""Changes and a table of prices go in; what they cost comes out. Never asks AWS, never guesses a zero."""
