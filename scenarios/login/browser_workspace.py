"""config.toml forces workspaces, and whoever comes back from another is turned away.

So is whoever comes back with an id token that names none.
"""

from harness import (
    OWN_ISSUER,
    Backend,
    Expect,
    Heard,
    Requests,
    Scenario,
    Story,
    Visited,
    do,
    grant,
    login_completed,
    matching,
    signed_in,
)

UNNAMED = signed_in(chatgpt_account_id=None).claims

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        config={"forced_chatgpt_workspace_id": forced},
        backend=backend,
        story=[
            do.login({"type": "chatgpt"}),
            do.visit(),
            do.hear("account/login/completed"),
            do.read(),
        ],
        expect=Expect(
            story=Story(
                visit=Visited(
                    status=200, location=None, text=matching("Error code workspace_restriction")
                ),
                hear=Heard(
                    messages=[login_completed("login-1", error=f"Login server error: {error}")]
                ),
            ),
            requests=Requests(counts={"POST /login/oauth/token authorization_code": 1}),
        ),
        upstream={"story": pinned},
    )
    for variant, forced, backend, error, pinned in (
        (
            "other",
            "workspace-2",
            Backend(),
            "Login is restricted to workspace id(s) workspace-2.",
            ["forced_chatgpt_workspace_id_mismatch_blocks_login"],
        ),
        (
            "none_of_two",
            ["workspace-2", "workspace-3"],
            Backend(),
            "Login is restricted to workspace id(s) workspace-2, workspace-3.",
            [],
        ),
        (
            "unnamed",
            "workspace-1",
            Backend(code=grant(claims=UNNAMED)),
            (
                "Login is restricted to a specific workspace, "
                "but the token did not include an chatgpt_account_id claim."
            ),
            [],
        ),
    )
}
