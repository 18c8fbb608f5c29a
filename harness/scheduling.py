"""How xdist hands out cells: those of a scenario go to one worker, in collection order."""

from __future__ import annotations

import os
from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from harness.seen.records import PROBES


def available_cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class ScenarioScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Like ``--dist loadscope``, with a scenario as the scope; other tests go singly."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, cell = nodeid.partition("::")
        probe, _, variant = cell.partition("[")
        is_cell = probe in PROBES and PurePosixPath(path).parent.name == "scenarios"
        return f"{path}::[{variant}" if is_cell else nodeid

    def remove_node(self, node: WorkerController) -> str | None:
        """Take the work of a dead worker back, without the cell at which it died.

        The base class (xdist 3.8.0) hands that cell out again, to kill the next worker, and units
        that are done, for which the run then waits for ever.
        """
        units = self.assigned_work.pop(node)
        pending = [nodeid for unit in units.values() for nodeid, done in unit.items() if not done]
        crashed = next(iter(pending), None)
        for scope, unit in units.items():
            left = {nodeid: False for nodeid in unit if nodeid in pending and nodeid != crashed}
            if left:
                self.workqueue[scope] = left
        for other in self.nodes:
            self._reschedule(other)
        return crashed
