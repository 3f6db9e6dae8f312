"""Registers that are committed, so that freezing, which reads through a connection of its own, sees them."""

from datetime import date

import pytest

from xuezheng.records.models import District, Term


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A data folder of the test's own, for its snapshots."""
    folder = tmp_path / "home"
    monkeypatch.setenv("XUEZHENG_HOME", str(folder))
    return folder


@pytest.fixture
def bare(transactional_db, home):
    """A district with a term and nothing else."""
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    return Term.objects.create(code="2019春", starts_on=date(2019, 2, 18), ends_on=date(2019, 7, 5))
