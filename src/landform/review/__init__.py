"""An ``EnvironmentPlan`` goes in; a ``Review`` comes out: what a person reads before saying yes.

Everything in a ``Review`` is redacted, so it may be shown and stored. Never starts terraform.
"""

from landform.review.model import AttributeDiff, ChangeReview, Counts, OutputReview, Review, StackReview
from landform.review.review import Facts, Judgement, review_plan

__all__ = [
    "AttributeDiff",
    "ChangeReview",
    "Counts",
    "Facts",
    "Judgement",
    "OutputReview",
    "Review",
    "StackReview",
    "review_plan",
]
