"""Floor 0: what needs no HTTP and knows no feature."""
