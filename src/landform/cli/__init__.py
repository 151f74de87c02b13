"""Typer commands, one a file: each reads its options, calls a workflow, hands the result to a view.

Never decides anything. ``views/`` shows results and never decides either.
"""
