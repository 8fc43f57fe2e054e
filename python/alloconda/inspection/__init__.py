"""What a wheel or a library is, read out of its bytes alone."""
