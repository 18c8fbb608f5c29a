"""The id token is missing, empty, no JWT, or one whose claims cannot be read: Codex is signed out.

The access token beside it is in order and of no use.
"""

from harness import LEFT_OUT, SIGNED_IN, Scenario, Unreadable, edited, encode_id_token, encode_jwt

HEAD, CLAIMS, SIGNATURE = encode_id_token(SIGNED_IN.claims).split(".")
REPORTS = [
    "typeclaw/typeclaw#967",
    "coleam00/Archon#1924",
    "jlcodes99/cockpit-tools#982",
]

TEXTS = {
    "blank": ("", "invalid ID token format"),
    "two-parts": (f"{HEAD}.{CLAIMS}", "invalid ID token format"),
    "padded": (f"{HEAD}.{CLAIMS}=.{SIGNATURE}", "Invalid padding"),
    "no-base64": (f"{HEAD}.{{}}.{SIGNATURE}", "Invalid symbol 123, offset 0."),
}
FORMS = {
    **{
        name: (token, f"{fault} at line 5 column {len(token) + 18}")
        for name, (token, fault) in TEXTS.items()
    },
    "missing": (LEFT_OUT, "missing field `id_token` at line 8 column 3"),
    "null": (None, "invalid type: null, expected a string at line 5 column 20"),
    "claims": (
        SIGNED_IN.claims.payload(),
        "invalid type: map, expected a string at line 5 column 16",
    ),
    "no-json": (f"{HEAD}.bm9uZQ.{SIGNATURE}", "expected ident at line 1 column 2"),
    "number-email": (
        encode_jwt({"email": 5}),
        "invalid type: integer `5`, expected a string at line 1 column 10",
    ),
}

scenarios = {
    name: Scenario(
        auth=edited(SIGNED_IN, tokens={"id_token": token}),
        stages=["session", "cli"],
        taken_for=Unreadable(fault),
        reports=REPORTS if name in ("missing", "blank") else [],
    )
    for name, (token, fault) in FORMS.items()
}
