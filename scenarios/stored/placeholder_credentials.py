"""Made-up credentials, for a proxy that puts the real ones in: Codex uses them as they are.

Sandboxes write JWTs that claim to be signed with HS256 and that expire in decades, so that Codex
has no reason to refresh them, however long ago ``last_refresh`` is.
"""

from harness import SIGNED_IN, UTC, Scenario, datetime, edited, encode_jwt, signed_in

HS256 = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9"
CLAIMS = {**SIGNED_IN.claims.payload(), "exp": 4_102_444_800}
PLACEHOLDER = ".".join([HS256, encode_jwt(CLAIMS).split(".")[1], "placeholder"])
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

scenarios = {
    name: Scenario(
        auth=edited(
            signed_in(access_token=f"{PLACEHOLDER}-access-token", last_refresh=last_refresh),
            tokens={"id_token": PLACEHOLDER, "refresh_token": "placeholder-refresh-token"},
        ),
        upstream={"requests": ["jwt_expiration_parses_exp_claim"]} if name == "old" else {},
        reports=["vm0-ai/vm0#11881", "vm0-ai/vm0#19474"],
    )
    for name, last_refresh in {
        "fresh": datetime(2999, 1, 1, tzinfo=UTC),
        "old": LONG_AGO,
    }.items()
}
