"""Fixtures of the tests of organizations."""

import pytest
from pyramid.config import Configurator

from collab.organizations import CONSTRAINTS


@pytest.fixture
def app_sentences():
    """The sentences of this feature's constraints, as the composed application knows them."""
    config = Configurator()
    config.include("collab.web.integrity")
    for name, field, sentence in CONSTRAINTS:
        config.explain_constraint(name, field, sentence)
    config.commit()
