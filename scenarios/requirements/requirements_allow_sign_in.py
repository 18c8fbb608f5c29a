"""The machine's requirements allow what auth.json holds: a method, or its workspace in a list."""

from harness import SIGNED_IN, ApiKeyAuth, Scenario

scenarios = {
    "chatgpt": Scenario(auth=SIGNED_IN, requirements={"allowed_login_methods": ["chatgpt"]}),
    "api-key": Scenario(auth=ApiKeyAuth(), requirements={"allowed_login_methods": ["api"]}),
    "workspace": Scenario(
        auth=SIGNED_IN,
        requirements={"allowed_chatgpt_workspaces": ["workspace-2", "workspace-1"]},
    ),
    "api-key-of-no-workspace": Scenario(
        auth=ApiKeyAuth(), requirements={"allowed_chatgpt_workspaces": ["workspace-2"]}
    ),
}
