"""The provider of the model gets its token from a command, turn after turn.

Codex keeps a token for ``refresh_interval_ms``, which is five minutes; 0 stands for always.
"""

from harness import Applies, Deviation, Expect, Scenario, Story, Traces, Turn, do

COUNTING = 'n=0; read n <"$HOME/runs"; n=$((n+1)); echo $n >"$HOME/runs"; echo "token-of-run-$n"'
PROVIDER = {"name": "own", "base_url": "http://backend/v1", "wire_api": "responses"}
COMMAND = {"command": "/bin/sh", "args": ["-c", COUNTING]}
PINNED = "external_bearer_only_auth_manager_"

INTERVALS = {
    "default": ({}, [2, 2], "uses_cached_provider_token"),
    "never_by_time": (
        {"refresh_interval_ms": 0},
        [2, 2],
        "disables_auto_refresh_when_interval_is_zero",
    ),
}


def sent(*runs: int) -> Story:
    """Return two turns, each with what the command said when it was run so often."""
    first, second = ([f"token-of-run-{run}"] for run in runs)
    return Story(
        turn=Turn(bearers=first, account_ids=[None]),
        turn_2=Turn(bearers=second, account_ids=[None]),
    )


scenarios = {
    name: Scenario(
        config={
            "model_provider": "own",
            "model_providers": {"own": {**PROVIDER, "auth": {**COMMAND, **interval}}},
        },
        story=[do.turn(), do.turn()],
        applies=Applies(
            ">=0.120.0", "commands for tokens came with 0.118.0, settings of them later"
        ),
        expect=Expect(story=sent(*runs), traces=Traces(files=["created user/runs"])),
        upstream={"story": [PINNED + test]},
        deviations=[
            Deviation(
                releases,
                Expect(story=sent(*(run - 1 for run in runs))),
                reason="the thread is given the token that Codex already has",
            )
            for releases in ("<0.125.0", ">=0.169.0")
        ],
    )
    for name, (interval, runs, test) in INTERVALS.items()
}
