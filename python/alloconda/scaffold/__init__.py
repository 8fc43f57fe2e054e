"""New projects: ``alloconda init``."""
