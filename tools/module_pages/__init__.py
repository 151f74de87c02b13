"""The reference pages of the modules: HCL goes in, Markdown in ``docs/`` comes out. No program is run."""
