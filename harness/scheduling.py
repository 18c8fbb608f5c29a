"""How xdist hands out cells: the probes of one stage go to one worker, in collection order."""

from __future__ import annotations

from pathlib import PurePosixPath

from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from harness.suite.stages import STAGES

STAGE_NAMES = {probe: stage.name for stage in STAGES for probe in stage.probes}


class StageScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Like ``--dist loadscope``, with a stage of a scenario as the scope; other tests go singly."""

    def _split_scope(self, nodeid: str) -> str:
        path, _, cell = nodeid.partition("::")
        probe, _, variant = cell.partition("[")
        stage = STAGE_NAMES.get(probe)
        is_cell = stage and PurePosixPath(path).parent.name == "scenarios"
        return f"{path}::{stage}[{variant}" if is_cell else nodeid

    def remove_node(self, node: WorkerController) -> str | None:
        """Take the work of a dead worker back, without the cell at which it died.

        The base class hands that cell out again, to kill the next worker.
        """
        workload = self.assigned_work[node]
        crashed: str | None = super().remove_node(node)
        if crashed is not None:
            for unit in (*workload.values(), *self.workqueue.values()):
                if crashed in unit:
                    unit[crashed] = True
        return crashed
