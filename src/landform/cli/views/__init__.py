"""Results go in, text comes out: terminal, Markdown, HTML, JSON, SARIF, JUnit. Never decides anything."""
