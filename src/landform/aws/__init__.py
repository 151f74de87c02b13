"""An environment goes in; access to its AWS, its states and locks, or an emulated AWS, comes out.

``credentials`` says which variables reach which AWS, ``emulator`` makes those for an emulated one,
``session`` makes clients from them, ``state_objects`` reads the state bucket, ``sandbox`` runs the emulator.
Never prints, never writes a state, never uses a real credential for an emulated AWS, never starts a process
itself (``landform.processes`` does). botocore is imported when the first client is made, not before.
"""
