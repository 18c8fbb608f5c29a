"""The provider of the model wants no sign-in, and there is one: nobody gets to see it.

Before 0.149.0 the provider got it all the same. The rate limits are still read with it, and the
command line still says "Logged in".
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, NoAuth, Scenario

GATEWAY = {"name": "gateway", "base_url": "http://backend/v1", "wire_api": "responses"}
WANTS = {"by_default": {}, "expressly": {"requires_openai_auth": False}}
KEY_TEST = "get_auth_status_with_api_key_when_auth_not_required"
FILES: dict[str, tuple[Auth, dict[str, list[str]]]] = {
    "no_file": (NoAuth(), {"read": ["get_account_when_auth_not_required"]}),
    "chatgpt": (SIGNED_IN, {}),
    "api_key": (ApiKeyAuth(), {"status": [KEY_TEST]}),
}

scenarios = {
    f"{how}-{file}": Scenario(
        auth=auth,
        stages=["session"],
        config={"model_provider": "gateway", "model_providers": {"gateway": {**GATEWAY, **wants}}},
        upstream=tests,
        reports=["openai/codex#39857", "openai/codex#39883", "farion1231/cc-switch#6744"],
    )
    for how, wants in WANTS.items()
    for file, (auth, tests) in FILES.items()
}
