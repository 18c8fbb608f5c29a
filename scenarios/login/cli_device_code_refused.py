"""`codex login --device-auth` comes to nothing, says why, and leaves nothing behind."""

from harness import (
    LOCKED,
    Backend,
    Deviation,
    Expect,
    File,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
    matching,
    refuse,
)

USERCODE = "POST /login/api/accounts/deviceauth/usercode"
POLL = "POST /login/api/accounts/deviceauth/token"
EXCHANGE = "POST /login/oauth/token authorization_code"

scenarios = {
    variant: Scenario(
        config=config,
        backend=backend,
        story=[
            do.run("login", "--device-auth", "--experimental_issuer", "{backend}/login"),
            do.look(),
        ],
        expect=Expect(
            story=Story(
                run=Ran(exit_code=1, text=matching(f"Error logging in with device code: {says}$")),
                look=File(auth_json="absent"),
            ),
            home=Home(appeared=LOCKED),
            requests=Requests(counts=counts),
        ),
        deviations=[
            Deviation(
                releases,
                Expect(story=Story(run=Ran(text=matching(f"{older}$")))),
                reason="an older or a newer wording",
            )
            for releases, older in ((">=0.166.0", f"Error logging in: {says}"), *wordings)
        ],
        upstream={"story": pinned},
    )
    for variant, config, backend, says, wordings, counts, pinned in (
        (
            "disabled",
            {},
            Backend(usercode=refuse(404)),
            (
                "device code login is not enabled for this Codex server. "
                "Use the browser login or verify the server URL."
            ),
            (),
            {USERCODE: 1},
            [],
        ),
        (
            "down",
            {},
            Backend(usercode=refuse(503)),
            "device code request failed with status 503 Service Unavailable",
            (),
            {USERCODE: 1},
            ["device_code_login_integration_handles_usercode_http_failure"],
        ),
        (
            "declined",
            {},
            Backend(device=[refuse(404), refuse(401, "authorization_declined")]),
            "device auth failed with status 401 Unauthorized",
            (),
            {USERCODE: 1, POLL: 2},
            ["device_code_login_integration_handles_error_payload"],
        ),
        (
            "exchange_forbidden",
            {},
            Backend(code=refuse(403, message="Country not supported")),
            (
                "device code exchange failed: token endpoint returned status 403 Forbidden: "
                "Country not supported"
            ),
            (("<0.105.0", "token endpoint returned status 403 Forbidden"),),
            {USERCODE: 1, POLL: 1, EXCHANGE: 1},
            [],
        ),
        (
            "other_workspace",
            {"forced_chatgpt_workspace_id": "workspace-2"},
            Backend(),
            r"Login is restricted to workspace id\(s\) workspace-2.",
            (("<0.131.0", "Login is restricted to workspace id workspace-2."),),
            {USERCODE: 1, POLL: 1, EXCHANGE: 1},
            ["device_code_login_rejects_workspace_mismatch"],
        ),
    )
}
