"""What is owed: commitments, checkpoints, progress reports, verification, deadline changes, obstacles."""
