"""Requirements and config.toml both restrict how one signs in: only what both allow is left.

configRequirements/read names what is left, and a login that is not is refused. Where the lists of
workspaces have none in common, nobody can sign in with ChatGPT.
"""

from typing import Any

from harness import Applies, Called, Deviation, Expect, RpcError, Scenario, Story, do

METHODS, WORKSPACES = "allowed_login_methods", "allowed_chatgpt_workspaces"
LOGIN, WORKSPACE = "forced_login_method", "forced_chatgpt_workspace_id"
Table = dict[str, Any]
BOTH = ["chatgpt", "api"]

API: tuple[str, Table, str] = (
    "api",
    {"type": "chatgptDeviceCode"},
    "ChatGPT login is disabled. Use API key login instead.",
)
CHATGPT: tuple[str, Table, str] = (
    "chatgpt",
    {"type": "apiKey", "apiKey": "sk-of-somebody"},
    "API key login is disabled. Use ChatGPT login instead.",
)

ONE_LEFT: dict[str, tuple[Table, Table, tuple[str, Table, str]]] = {
    "api": ({METHODS: ["api"]}, {}, API),
    "chatgpt": ({METHODS: ["chatgpt"]}, {}, CHATGPT),
    "twice-the-same": ({METHODS: ["api", "api"]}, {}, API),
    "both-and-api-forced": ({METHODS: BOTH}, {LOGIN: "api"}, API),
    "both-and-chatgpt-forced": ({METHODS: BOTH}, {LOGIN: "chatgpt"}, CHATGPT),
    "api-forced-alone": ({}, {LOGIN: "api"}, API),
    "no-workspace": ({WORKSPACES: []}, {}, API),
    "no-workspace-in-common": ({WORKSPACES: ["workspace-2"]}, {WORKSPACE: "workspace-1"}, API),
}
BOTH_LEFT: dict[str, tuple[Table, Table]] = {
    "both": ({METHODS: BOTH}, {}),
    "workspace": ({WORKSPACES: ["workspace-1"]}, {}),
    "workspaces-in-common": (
        {WORKSPACES: ["workspace-1", "workspace-2"]},
        {WORKSPACE: "workspace-1"},
    ),
}
DEVIATIONS = [
    Deviation(
        "<0.156.0",
        Expect(story=Story(call=Called(result={}))),
        reason="the methods that are left are not told yet",
    )
]
SINCE = Applies(">=0.147.0", "requirements for logins are new")
CLAIMED = {"story": ["config_requirements_read_exposes_effective_login_methods"]}

scenarios = {
    name: Scenario(
        requirements=requirements,
        config=config,
        story=[do.call("configRequirements/read"), do.call("account/login/start", other)],
        expect=Expect(
            story=Story(
                call=Called(result={"requirements": {"allowedLoginMethods": [left]}}),
                call_2=Called(result=None, error=RpcError(-32600, refused)),
            )
        ),
        applies=SINCE,
        upstream=CLAIMED,
        deviations=DEVIATIONS,
    )
    for name, (requirements, config, (left, other, refused)) in ONE_LEFT.items()
} | {
    name: Scenario(
        requirements=requirements,
        config=config,
        story=[do.call("configRequirements/read")],
        expect=Expect(
            story=Story(
                call=Called(result={"requirements": {"allowedLoginMethods": ["api", "chatgpt"]}})
            )
        ),
        applies=SINCE,
        upstream=CLAIMED,
        deviations=DEVIATIONS,
    )
    for name, (requirements, config) in BOTH_LEFT.items()
}
