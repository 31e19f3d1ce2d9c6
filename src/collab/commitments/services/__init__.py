"""Writes of commitments: each records facts, renews the spans kept of them, and journals."""
