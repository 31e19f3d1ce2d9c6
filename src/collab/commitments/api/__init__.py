"""The JSON API of commitments, checkpoints, progress reports and deadline changes, over the services of the pages."""
