"""The token of an agent cannot be checked, or what it is for not registered: Codex is signed out.

Only the command line says why. A registration that fails is tried three times, one that is refused
but once.
"""

from harness import OTHER_AGENTS, AgentIdentity, Applies, Backend, RefusedToken, Reply, Scenario

JWKS = "GET /backend-api/wham/agent-identities/jwks"
TASK = "POST /v1/agent/agent-1/task/register"
STRICT = {"read": ["agent_identity_jwt_task_registration_retry_exhaustion_is_strict"]}
FAILED = "agent task registration failed with status"

CASES = {
    "signed_by_another": (
        Backend(jwks=Reply(json={"keys": []})),
        RefusedToken("agent identity JWT kid key-1 is not trusted", asks={JWKS: 1}),
    ),
    "keys_not_told": (
        Backend(jwks=Reply(500)),
        RefusedToken("agent identity JWKS endpoint returned an error", asks={JWKS: 1}),
    ),
    "task_fails": (
        Backend(task=Reply(500, body="oops")),
        RefusedToken(
            f"retryable agent identity registration failure: {FAILED} 500 Internal Server Error: "
            "oops",
            asks={JWKS: 1, TASK: 3},
        ),
    ),
    "task_refused": (
        Backend(task=Reply(403, body="oops")),
        RefusedToken(f"{FAILED} 403 Forbidden: oops", asks={JWKS: 1, TASK: 1}),
    ),
}

scenarios = {
    name: Scenario(
        auth=AgentIdentity(),
        backend=backend,
        taken_for=refused,
        stages=["session", "cli"],
        applies=OTHER_AGENTS,
        upstream=STRICT if name == "task_fails" else {},
    )
    for name, (backend, refused) in CASES.items()
} | {
    "only_of_openai": Scenario(
        auth=AgentIdentity(),
        taken_for=RefusedToken(
            "Agent Identity only supports production and staging ChatGPT environments", asks={}
        ),
        stages=["session", "cli"],
        applies=Applies(">=0.142.0,<0.148.0", "others can be told whom to ask"),
    )
}
