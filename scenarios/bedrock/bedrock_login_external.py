"""A host has signed in with tokens of its own: a login to Amazon Bedrock is refused meanwhile."""

from harness import (
    Applies,
    Expect,
    File,
    Host,
    Login,
    Read,
    RpcError,
    Scenario,
    Story,
    account_updated,
    do,
    login_completed,
)

REFUSED = (
    "External auth is active. Use account/login/start (chatgptAuthTokens) to update it "
    "or account/logout to clear it."
)

scenario = Scenario(
    host=Host(),
    story=[
        do.login(),
        do.login({"type": "amazonBedrock", "apiKey": "bedrock-key", "region": "us-west-2"}),
        do.look(),
        do.read(),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[
                    {"result": {"type": "chatgptAuthTokens"}},
                    login_completed(),
                    account_updated("chatgptAuthTokens", "pro"),
                ]
            ),
            login_2=Login(messages=[RpcError(-32600, REFUSED)]),
            look=File(auth_json="absent", config=[]),
            read=Read(
                account={"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}
            ),
        )
    ),
    applies=Applies(">=0.145.0", "the login to Amazon Bedrock is new"),
    upstream={"story": ["login_account_amazon_bedrock_rejected_with_external_chatgpt_auth"]},
)
