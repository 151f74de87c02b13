"""Tests of ``landform.engine``."""
