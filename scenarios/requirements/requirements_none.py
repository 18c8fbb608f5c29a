"""Nothing on the machine restricts how one signs in: configRequirements/read has no requirements.

What config.toml forces of workspaces is none, and an empty list restricts nothing.
"""

from harness import Applies, Called, Expect, Scenario, Story, do

FORCED = "forced_chatgpt_workspace_id"
ASKED = [do.call("configRequirements/read")]
NONE = Expect(story=Story(call=Called(result={"requirements": None})))
CLAIMED = {"story": ["config_requirements_read_preserves_unrestricted_default"]}

scenarios = {
    "nothing": Scenario(requirements={}, story=ASKED, expect=NONE, upstream=CLAIMED),
    "empty-list": Scenario(
        requirements={},
        config={FORCED: []},
        story=ASKED,
        expect=NONE,
        upstream=CLAIMED,
        applies=Applies(">=0.131.0", "a list of workspaces is new"),
    ),
    "forced-workspace": Scenario(
        requirements={},
        config={FORCED: "workspace-1"},
        story=ASKED,
        expect=NONE,
        upstream=CLAIMED,
    ),
}
