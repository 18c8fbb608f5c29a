"""The machine's requirements forbid what auth.json holds: Codex takes it for nobody signed in.

Releases that do not know the requirement say nothing of it and use the sign-in.
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, Deviation, NoAuth, Scenario, signed_in

FORBIDDEN: dict[str, tuple[Auth, dict[str, list[str]], list[str]]] = {
    "api-has-chatgpt": (
        signed_in(plan_type="enterprise"),
        {"allowed_login_methods": ["api"]},
        ["startup_enforces_local_auth_requirements_before_cloud_fetch"],
    ),
    "chatgpt-has-api-key": (ApiKeyAuth(), {"allowed_login_methods": ["chatgpt"]}, []),
    "other-workspace": (SIGNED_IN, {"allowed_chatgpt_workspaces": ["workspace-2"]}, []),
}

scenarios = {
    name: Scenario(
        auth=auth,
        requirements=requirements,
        taken_for=NoAuth(),
        upstream={"requests": upstream} if upstream else {},
        deviations=[
            Deviation("<0.147.0", taken_for=auth, reason="requirements for sign-ins are new")
        ],
    )
    for name, (auth, requirements, upstream) in FORBIDDEN.items()
}
