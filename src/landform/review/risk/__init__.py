"""An ``EnvironmentPlan`` goes in; what is risky about it comes out, each finding with its rule and evidence.

Rules look at what gets worse: a door that was open and stays open is no finding. Never decides whether a
change may be applied, never asks AWS, and never shows a secret.
"""

from landform.review.risk.blast import blast_radius
from landform.review.risk.find import find_risks
from landform.review.risk.rules import RULES
from landform.review.risk.scene import RiskContext

__all__ = ["RULES", "RiskContext", "blast_radius", "find_risks"]
