"""The documentation is held to the program: its commands, its examples, its transcripts, its links."""
