"""A browser comes back from the issuer without a code: the page says why, and so does Codex.

What the issuer gives as a reason is shown as text; that of a workspace without Codex is not shown.
"""

from harness import (
    OWN_ISSUER,
    Expect,
    Heard,
    Scenario,
    Story,
    Visited,
    do,
    login_completed,
    matching,
)

BEGIN = do.login({"type": "chatgpt"})
UNENTITLED = "missing_codex_entitlement"
ASK = "Contact your workspace administrator to request access to Codex."

scenarios = {
    variant: Scenario(
        applies=OWN_ISSUER,
        story=[BEGIN, do.visit(**query), do.hear("account/login/completed"), do.read()],
        expect=Expect(
            story=Story(
                visit=Visited(status=200, location=None, text=matching(page)),
                hear=Heard(
                    messages=[login_completed("login-1", error=f"Login server error: {error}")]
                ),
            )
        ),
        upstream={"story": pinned},
    )
    for variant, query, page, error, pinned in (
        (
            "no_code",
            {"code": ""},
            "Error code missing_authorization_code Details Missing authorization code",
            "Missing authorization code. Sign-in could not be completed.",
            [],
        ),
        (
            "denied",
            {"error": "access_denied", "error_description": "some_other_reason"},
            "Sign-in failed: some_other_reason Error code access_denied Details some_other_reason",
            "Sign-in failed: some_other_reason",
            ["oauth_access_denied_unknown_reason_uses_generic_error_page"],
        ),
        (
            "no_entitlement",
            {"error": "access_denied", "error_description": UNENTITLED},
            f"^(?!.*{UNENTITLED}).*You do not have access to Codex .* Error code access_denied",
            f"Codex is not enabled for your workspace. {ASK}",
            [
                "oauth_access_denied_missing_entitlement_blocks_login_with_clear_error",
                "render_login_error_page_uses_entitlement_copy",
            ],
        ),
        (
            "markup",
            {"error": "<b>bold</b>", "error_description": "<i>this</i> & that"},
            "failed: <i>this</i> & that Error code <b>bold</b> Details <i>this</i> & that",
            "Sign-in failed: <i>this</i> & that",
            ["render_login_error_page_escapes_dynamic_fields"],
        ),
    )
}
