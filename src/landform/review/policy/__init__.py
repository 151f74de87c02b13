"""A plan and rules go in; what each rule says of each resource comes out. Never starts a program.

``landform.policy`` is the part of it that a project's own rules are written with. What a rule reads of values
that are known only after apply is noticed, so that a rule can't pass because it could not see.
"""
