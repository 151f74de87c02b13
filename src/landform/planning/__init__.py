"""Merged states and plan JSON go in; an ``EnvironmentPlan`` of typed changes comes out.

Also says whether a later plan of one stack refines an approved one. Never decides whether a change is good.
"""
