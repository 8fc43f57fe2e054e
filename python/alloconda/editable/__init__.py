"""Editable installs (PEP 660): an environment that imports the package from the project's own folder."""
