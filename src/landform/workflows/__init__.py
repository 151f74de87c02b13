"""The verbs: plan, apply, destroy, status … Each reads as its own summary.

A ``Project`` and an environment's name go in; plans, runs and reports come out. Never prints,
never holds a rule.
"""
