"""Reads of commitments: their facts, their standings of a day, lists, and what waits for whom."""
