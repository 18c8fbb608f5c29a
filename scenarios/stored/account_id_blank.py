"""The account id in auth.json is blank: Codex sends the header blank, and refreshes.

For workspace routing a blank id is none, so that ``account/read`` fails.
"""

from harness import Deviation, Expect, Read, Refresh, RpcError, Scenario, signed_in

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
NO_ID = RpcError(-32603, "workspace routing requires a ChatGPT account id")

scenario = Scenario(
    auth=signed_in(account_id=""),
    expect=Expect(
        read=Read(account=None, requires_openai_auth=None, error=NO_ID),
        refresh=Refresh(account=None, error=NO_ID),
    ),
    deviations=[
        Deviation(
            "<0.156.0",
            Expect(
                read=Read(account=ACCOUNT, requires_openai_auth=True, error=None),
                refresh=Refresh(account=ACCOUNT, error=None),
            ),
            reason="there is no routing yet",
        )
    ],
    reports=["router-for-me/CLIProxyAPI#3312"],
)
