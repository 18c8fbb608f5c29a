"""config.toml forces workspaces: one, several, padded with blanks, or none that has a name.

What is blank counts as not there, and a list without a name as no restriction at all.
"""

from harness import SIGNED_IN, Applies, Scenario

FORMS = {
    "blank": "",
    "spaces": "  ",
    "padded": " workspace-1 ",
}
LISTS = {
    "listed": ["workspace-2", "workspace-1"],
    "empty_list": [],
    "blank_list": [""],
}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN, config={"forced_chatgpt_workspace_id": form}, stages=["session", "cli"]
    )
    for name, form in FORMS.items()
} | {
    name: Scenario(
        auth=SIGNED_IN,
        config={"forced_chatgpt_workspace_id": form},
        stages=["session", "cli"],
        applies=Applies(">=0.131.0", "a list of workspaces is no valid configuration before"),
    )
    for name, form in LISTS.items()
}
