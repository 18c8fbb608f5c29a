"""CODEX_API_KEY is what codex exec sends, whatever auth.json and CODEX_ACCESS_TOKEN hold.

Somebody with a ChatGPT subscription pays for every turn by the token, and is not told.
"""

from harness import SIGNED_IN, ApiKeyAuth, Expect, Ran, Scenario, Story, do, encode_jwt

KEY = {"CODEX_API_KEY": "sk-of-the-environment"}
SENT = Expect(story=Story(exec=Ran(bearers=["$CODEX_API_KEY"], account_ids=[None])))

scenarios = {
    "alone": Scenario(env=KEY, story=[do.exec()], expect=SENT),
    "over-api-key": Scenario(auth=ApiKeyAuth(), env=KEY, story=[do.exec()], expect=SENT),
    "over-chatgpt": Scenario(
        auth=SIGNED_IN,
        env=KEY,
        story=[do.exec()],
        expect=SENT,
        reports=["openai/codex#40871", "antonbabenko/deliberation#196"],
    ),
    "over-chatgpt-where-api-is-forced": Scenario(
        auth=SIGNED_IN,
        config={"forced_login_method": "api"},
        env=KEY,
        story=[do.exec()],
        expect=SENT,
    ),
    "over-access-token": Scenario(
        env={**KEY, "CODEX_ACCESS_TOKEN": encode_jwt({"sub": "somebody"})},
        story=[do.exec()],
        expect=SENT,
        upstream={"story": ["load_auth_keeps_codex_api_key_env_precedence"]},
    ),
}
