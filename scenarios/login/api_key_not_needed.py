"""A person logs in with an API key while the provider wants none: it is stored, and not told."""

from harness import Expect, File, Home, Read, Scenario, Status, Story, do

KEY = {"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"}

scenario = Scenario(
    config={"model_providers": {"fake": {"requires_openai_auth": False}}},
    story=[
        do.login({"type": "apiKey", "apiKey": "sk-of-the-login"}),
        do.look(),
        do.read(),
        do.status(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="created", auth=KEY),
            read=Read(requires_openai_auth=False),
            status=Status(requires_openai_auth=False),
        ),
        home=Home(auth_json="created", auth=KEY),
    ),
    upstream={"story": ["get_auth_status_with_api_key_when_auth_not_required"]},
)
