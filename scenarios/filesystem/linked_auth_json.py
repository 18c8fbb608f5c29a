"""auth.json is a link to a file elsewhere, as embedders make it.

Codex writes through it; a logout removes the link alone, and leaves the tokens where they are.
"""

from harness import (
    SIGNED_IN,
    Deviation,
    Expect,
    File,
    Home,
    Layout,
    Login,
    Requests,
    RpcError,
    Scenario,
    Story,
    do,
)

UNCHANGED = File(auth_json="untouched", elsewhere="untouched")
REFUSED = "failed to save api key: atomic credential replacement does not support hard-linked files"
HARD_LINKS_REFUSED = [
    Deviation(
        ">=0.169.0",
        Expect(
            story=Story(
                look=UNCHANGED,
                login=Login(messages=[RpcError(-32603, REFUSED)]),
                look_2=UNCHANGED,
            ),
            requests=Requests(counts={"POST /oauth/revoke": 1}, revoked=["refresh-0"]),
        ),
        reason="it replaces the file, which it does not do to a hard link: new tokens are lost",
    )
]

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        layout=Layout(auth_json=kind),
        story=[
            do.read(refresh=True),
            do.look(),
            do.login({"type": "apiKey", "apiKey": "sk-another"}),
            do.look(),
            do.logout(),
            do.look(),
        ],
        expect=Expect(
            story=Story(
                look=File(auth_json="rewritten", kind=kind, elsewhere="rewritten"),
                look_2=File(auth_json="rewritten", kind=kind, elsewhere="rewritten"),
                look_3=File(auth_json="removed", kind="absent", elsewhere="untouched"),
            ),
            home=Home(auth_json="removed"),
            requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        ),
        deviations=HARD_LINKS_REFUSED if name == "hard_link" else [],
        reports=["multica-ai/multica#2126"],
    )
    for name, kind in {"link": "link", "hard_link": "hard link"}.items()
}
