"""A ``Project`` goes in; ``{path: text}`` of Terraform roots comes out: readable HCL, the same every time.

``ci`` makes workflows of it in the same way.

Never knows an environment's variable values, never reads the network, never starts a program.
"""

from landform.generator.composed import Composed, compose
from landform.generator.files import Change, write_files
from landform.generator.roots import generated_files

__all__ = ["Change", "Composed", "compose", "generated_files", "write_files"]
