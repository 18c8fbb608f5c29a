"""config.toml forces the very workspace that is signed in."""

from harness import SIGNED_IN, Scenario

scenario = Scenario(auth=SIGNED_IN, config={"forced_chatgpt_workspace_id": "workspace-1"})
