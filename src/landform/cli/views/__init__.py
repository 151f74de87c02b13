"""Results go in, text comes out: terminal, JSON. Never decides anything."""
