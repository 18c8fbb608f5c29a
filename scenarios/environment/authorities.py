"""Which certificates Codex trusts: those of CODEX_CA_CERTIFICATE, or else those of SSL_CERT_FILE.

A blank variable counts as none. A file without a certificate, or none at all, is no reason to look
elsewhere: nothing can be asked then, and Codex says which variable it was.
"""

from typing import Any

from harness import (
    LEFT_OUT,
    SIGNED_IN,
    Applies,
    Deviation,
    Expect,
    Limits,
    Requests,
    RpcError,
    Scenario,
    Story,
    Wire,
    do,
    every,
    matching,
)

OURS = "{authority}"
NO_FILE = "/nonexistent/authority.pem"
USAGE = "https://backend/backend-api/wham/usage"
SELECTED = "selected by CODEX_CA_CERTIFICATE: "
ASKED = (
    "GET /backend-api/wham/rate-limit-reset-credits",
    "GET /backend-api/wham/settings/user",
    "GET /backend-api/wham/usage",
)
NAMELESS = Deviation(
    ">=0.142.0,<0.146.0",
    Expect(wire=Wire(requests=every("^GET /v1/models: no header (originator|user-agent)$"))),
    reason="the models are asked for by a client that has no certificates, and no name",
)
TRUSTING = {
    "of_codex": (OURS, LEFT_OUT, ["uses_codex_ca_cert_env"]),
    "of_openssl": (LEFT_OUT, OURS, ["falls_back_to_ssl_cert_file"]),
    "of_codex_first": (OURS, NO_FILE, ["prefers_codex_ca_cert_over_ssl_cert_file"]),
    "blank": ("", OURS, []),
}
NOT_TRUSTING = {
    "of_others": (LEFT_OUT, LEFT_OUT, rf"error sending request for url \({USAGE}\)$", []),
    "no_file": (NO_FILE, OURS, f"Failed to read CA certificate file {NO_FILE} {SELECTED}", []),
    "empty_file": (
        "/dev/null",
        OURS,
        f"Failed to load CA certificates from /dev/null {SELECTED}no certificates found",
        ["rejects_empty_pem_file_with_hint"],
    ),
}


def trusting(codex: object, openssl: object) -> dict[str, Any]:
    """Return a state in which the backend speaks TLS, and these variables are set."""
    return {
        "auth": SIGNED_IN,
        "config": {"chatgpt_base_url": "https://backend/backend-api"},
        "env": {"CODEX_CA_CERTIFICATE": codex, "SSL_CERT_FILE": openssl},
        "story": [do.limits()],
        "applies": Applies(">=0.115.0", "CODEX_CA_CERTIFICATE is read since then"),
    }


scenarios = {
    name: Scenario(**trusting(codex, openssl), upstream={"story": tests})
    for name, (codex, openssl, tests) in TRUSTING.items()
} | {
    name: Scenario(
        **trusting(codex, openssl),
        expect=Expect(
            story=Story(
                limits=Limits(
                    plan_type=None, used_percent=None, error=RpcError(-32603, matching(says))
                )
            ),
            # The models are asked for elsewhere, in the background, or not at all.
            requests=Requests(counts=dict.fromkeys(ASKED, 0), bearers=every("^access-0$")),
        ),
        deviations=[] if name == "of_others" else [NAMELESS],
        upstream={"story": tests},
    )
    for name, (codex, openssl, says, tests) in NOT_TRUSTING.items()
}
