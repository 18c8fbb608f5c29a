"""The pytest plugin, ``-p harness.pytest_plugin``: what pytest calls, from ``harness/plugin/``."""

from __future__ import annotations

from harness.plugin.collecting import pytest_collect_file, pytest_pycollect_makemodule
from harness.plugin.configuring import pytest_configure, pytest_unconfigure
from harness.plugin.options import pytest_addoption
from harness.plugin.order import (
    pytest_collection,
    pytest_collection_finish,
    pytest_collection_modifyitems,
)
from harness.plugin.reporting import (
    pytest_handlecrashitem,
    pytest_report_teststatus,
    pytest_runtest_makereport,
    pytest_runtest_protocol,
    pytest_terminal_summary,
)
from harness.plugin.workers import (
    pytest_configure_node,
    pytest_xdist_auto_num_workers,
    pytest_xdist_make_scheduler,
)

__all__ = [
    "pytest_addoption",
    "pytest_collect_file",
    "pytest_collection",
    "pytest_collection_finish",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_configure_node",
    "pytest_handlecrashitem",
    "pytest_pycollect_makemodule",
    "pytest_report_teststatus",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
    "pytest_terminal_summary",
    "pytest_unconfigure",
    "pytest_xdist_auto_num_workers",
    "pytest_xdist_make_scheduler",
]
