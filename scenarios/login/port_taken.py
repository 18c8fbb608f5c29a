"""A stranger has the port to which a browser comes back, and does not give it up.

Codex has a second one to fall back to; it can begin no login when that is taken, too.
"""

from harness import Deviation, Expect, Login, RpcError, Scenario, Story, do

IN_USE = "failed to start login server: Port 127.0.0.1:{} is already in use"
BOTH_IN_USE = Login(messages=[RpcError(-32603, IN_USE.format(1457))], auth_url=None)
FIRST_IN_USE = Login(messages=[RpcError(-32603, IN_USE.format(1455))], auth_url=None)
BY_ADDRESS = Login(auth_url={"redirect_uri": "http://127.0.0.1:1457/auth/callback"})
BY_NAME = Login(auth_url={"redirect_uri": "http://localhost:1457/auth/callback"})

NO_OTHER = Deviation(
    "<0.128.0", Expect(story=Story(login=FIRST_IN_USE)), reason="there is no second port"
)

scenarios = {
    "first": Scenario(
        story=[do.occupy(), do.login({"type": "chatgpt"})],
        expect=Expect(story=Story(login=BY_ADDRESS)),
        deviations=[
            Deviation(
                ">=0.128.0,<0.158.0",
                Expect(story=Story(login=BY_NAME)),
                reason="it comes back to a name, not an address",
            ),
            NO_OTHER,
        ],
        upstream={"story": ["falls_back_to_registered_fallback_port_when_default_port_is_in_use"]},
        reports=["openai/codex#2671", "jlcodes99/cockpit-tools#1178"],
    ),
    "both": Scenario(
        story=[do.occupy(), do.occupy(1457), do.login({"type": "chatgpt"})],
        expect=Expect(story=Story(login=BOTH_IN_USE)),
        deviations=[NO_OTHER],
        reports=["jlcodes99/cockpit-tools#1178"],
    ),
}
