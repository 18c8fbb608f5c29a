"""The provider of the model gets its token from a command, whatever lies in auth.json.

Codex runs the command for itself and again for the thread, and once more when the model answers
401; it trusts what it got until then.
"""

from harness import (
    SIGNED_IN,
    Applies,
    Auth,
    Backend,
    Deviation,
    Expect,
    Logout,
    NoAuth,
    Refresh,
    Requests,
    Scenario,
    Traces,
    Turn,
    at_most,
    unauthorized,
)

COUNTING = (
    'n=0; read n <"$HOME/runs"; n=$((n+1)); echo $n >"$HOME/runs"; echo "  token-of-run-$n  "'
)
PROVIDER = {"name": "own", "base_url": "http://backend/v1", "wire_api": "responses"}
NO_RETRIES = {"request_max_retries": 0, "stream_max_retries": 0}
MODELS = {"GET /v1/models": at_most(3)}
COMMAND = {"command": "/bin/sh", "args": ["-c", COUNTING]}
CASES: dict[str, tuple[Auth, Backend, list[int]]] = {
    "no_file": (NoAuth(), Backend(), [2]),
    "over_chatgpt": (SIGNED_IN, Backend(), [2]),
    "refused_once": (NoAuth(), Backend(responses=[unauthorized()]), [2, 3]),
}
RECOVERS = {"turn": ["unauthorized_recovery_uses_external_refresh_for_bearer_manager"]}

scenarios = {
    name: Scenario(
        auth=auth,
        backend=backend,
        config={
            "model_provider": "own",
            "model_providers": {"own": {**PROVIDER, **NO_RETRIES, "auth": COMMAND}},
        },
        applies=Applies(
            ">=0.120.0", "commands for tokens came with 0.118.0, settings of them later"
        ),
        expect=Expect(
            turn=Turn(
                bearers=[f"token-of-run-{run}" for run in runs], account_ids=[None] * len(runs)
            ),
            requests=Requests(counts={**MODELS, "POST /v1/responses": len(runs)}),
            refresh=Refresh(counts=MODELS),
            logout=Logout(counts=MODELS),
            traces=Traces(files=["created user/runs"]),
        ),
        upstream=RECOVERS if len(runs) > 1 else {},
        deviations=[
            Deviation(
                releases,
                Expect(turn=Turn(bearers=[f"token-of-run-{run - 1}" for run in runs])),
                reason="the thread is given the token that Codex already has",
            )
            for releases in ("<0.125.0", ">=0.169.0")
        ],
    )
    for name, (auth, backend, runs) in CASES.items()
}
