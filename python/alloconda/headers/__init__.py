"""Python's own headers for any platform: where they come from, how they are fetched and where they are kept."""
