"""The command that should give the token of the provider fails: the model gets no bearer at all.

Nothing is said of it, and the turn goes out without one. The good sign-in does not stand in.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Expect,
    Requests,
    Scenario,
    Turn,
    at_most,
)

PROVIDER = {"name": "own", "base_url": "http://backend/v1", "wire_api": "responses"}
MODELS = {"GET /v1/models": at_most(3)}
FAILS = {
    "exits": {"command": "/bin/sh", "args": ["-c", "echo token; exit 3"]},
    "says_nothing": {"command": "/bin/sh", "args": ["-c", "echo"]},
    "too_slow": {"command": "/bin/sleep", "args": ["60"], "timeout_ms": 200},
    "is_not_there": {"command": "/nonexistent/command"},
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session"],
        lasts=2 if name == "too_slow" else 0,
        config={
            "model_provider": "own",
            "model_providers": {"own": {**PROVIDER, "auth": command}},
        },
        applies=Applies(">=0.118.0", "commands for tokens came with 0.118.0"),
        expect=Expect(
            turn=Turn(bearers=[None], account_ids=[None]),
            requests=Requests(counts=MODELS),
        ),
        upstream={"turn": ["external_bearer_only_auth_manager_returns_none_when_command_fails"]},
    )
    for name, command in FAILS.items()
}
