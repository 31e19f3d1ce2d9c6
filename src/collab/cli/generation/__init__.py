"""Synthetic provinces of any size, for benches and trials of load: the same scale, seed and last day give the same rows.

The house (governments, agencies, partners, accounts) is settled by the services, as its administrator would. Facts are
too many for that: they are written in batches beside the services, the only writer that does so, and one entry of the
journal says it. Why: a service tells one act in a transaction of its own with its line in the journal, some 20 ms each;
60,000 reports of one province would take half an hour, a tenth of the nation a day. What the services guarantee is
proved afterwards instead: spans are computed by the same rules, and `collab verify` recounts them. Nothing of it can
reach a real system: production settings and databases that hold anything are refused.
"""

from collab.cli.generation.house import PASSWORD, Province, settle
from collab.cli.generation.mandates import Numbers, Row
from collab.cli.generation.scale import Scale
from collab.cli.generation.writing import write_province

__all__ = ["PASSWORD", "Numbers", "Province", "Row", "Scale", "settle", "write_province"]
