"""Tests that share what is dear to make are run by one worker."""

import os

import pytest

pytestmark = pytest.mark.xdist_group("groups")


def test_a_group_of_tests_stays_with_one_worker(request):
    if "PYTEST_XDIST_WORKER" not in os.environ:
        pytest.skip("there is only one")
    assert request.node.nodeid.endswith("@groups")
