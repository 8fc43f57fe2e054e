"""From a manifest and a project to a wheel."""
