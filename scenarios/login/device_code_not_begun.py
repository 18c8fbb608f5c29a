"""The issuer begins no login by device code, and Codex says so at once."""

from harness import (
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Login,
    Reply,
    Requests,
    RpcError,
    Scenario,
    Story,
    do,
    drop,
    matching,
    refuse,
)

FAILED = "^failed to request device code: "

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        backend=Backend(usercode=answer),
        story=[do.login({"type": "chatgptDeviceCode"}), do.hear(), do.read()],
        expect=Expect(
            story=Story(
                login=Login(messages=[RpcError(code, matching(message))]), hear=Heard(messages=[])
            ),
            requests=Requests(counts={"POST /login/api/accounts/deviceauth/usercode": 1}),
        ),
        upstream={"story": pinned},
        reports=["openai/codex#9327"],
    )
    for variant, answer, code, message, pinned in (
        (
            "disabled",
            refuse(404),
            -32600,
            "^device code login is not enabled for this Codex server",
            ["login_account_chatgpt_device_code_returns_error_when_disabled"],
        ),
        (
            "down",
            refuse(503),
            -32603,
            f"{FAILED}device code request failed with status 503 Service Unavailable$",
            [],
        ),
        ("nonsense", Reply(200, body="nonsense"), -32603, f"{FAILED}expected ident at line 1", []),
        ("dropped", drop(), -32603, f"{FAILED}error sending request for url", []),
    )
}
