"""An auth.json that no Codex can read: cut off, blank, of another encoding, of wrong types.

The app-server says nothing of it and is signed out; only the command line names the fault. The file
is left alone until somebody logs out.
"""

from harness import RawAuth, Scenario, Unreadable

KEY = '{"auth_mode": "apikey", "OPENAI_API_KEY": "sk-scenario-api-key"}'
TWICE = '{"OPENAI_API_KEY": "sk-scenario-api-key", "OPENAI_API_KEY": "sk-scenario-api-key"}'
NO_TABLE = 'invalid type: string "none", expected struct TokenData at line 3 column 18'
NO_OBJECT = "invalid type: null, expected struct AuthDotJson at line 1 column 4"
NO_MODE = "unknown variant `auth_mode`, expected one of {modes} at line 1 column 13"
NO_VALUE = "expected value at line 1 column 1"
NO_UTF_8 = "stream did not contain valid UTF-8"
EOF = "EOF while parsing a {} at line {} column {}"

FAULTS = {
    "truncated": ('{"auth_mode": "chatgpt", "tok', EOF.format("string", 1, 29), "syntax"),
    "empty": ("", EOF.format("value", 1, 0), "syntax"),
    "whitespace": (" \n", EOF.format("value", 2, 0), "syntax"),
    "nul-bytes": ("\0" * 400, NO_VALUE, "syntax"),
    "bom": (f"\ufeff{KEY}", NO_VALUE, "syntax"),
    "trailing": (f"{KEY}}}", f"trailing characters at line 1 column {len(KEY) + 1}", "syntax"),
    "utf-16": (KEY.encode("utf-16"), NO_UTF_8, "other"),
    "null": ("null", NO_OBJECT, "data"),
    "array": (f"[{KEY}]", NO_MODE, "data"),
    "twice": (TWICE, "duplicate field `OPENAI_API_KEY` at line 1 column 58", "data"),
    "wrong-types": ({"auth_mode": "chatgpt", "tokens": "none"}, NO_TABLE, "data"),
}
ONE_OF_EACH = ("truncated", "utf-16", "wrong-types")
UPSTREAM = {"cli_status": ["login_status_reports_auth_storage_errors"]}

scenarios = {
    name: Scenario(
        auth=RawAuth(data),
        taken_for=Unreadable(fault, of=of),
        stages=["session", "logout", "cli"] if name in ONE_OF_EACH else ["session", "cli"],
        upstream=UPSTREAM if name == "truncated" else {},
        reports=["170-carry/codex-tools#45"] if of == "syntax" else [],
    )
    for name, (data, fault, of) in FAULTS.items()
}
