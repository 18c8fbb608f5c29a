"""A program on the official Python SDK uses what lies in the home, or logs in with an API key.

Nobody being signed in is no error to it: the turn is run without a bearer.
"""

from harness import SIGNED_IN, Applies, Expect, Home, Scenario, Story, Used, do

SINCE = Applies(">=0.129.0", "the SDK understands no older release, see sdk_on_older_codex")

scenarios = {
    "chatgpt": Scenario(auth=SIGNED_IN, story=[do.sdk()], applies=SINCE),
    "none": Scenario(story=[do.sdk()], applies=SINCE),
    "logs-in": Scenario(
        story=[do.sdk(api_key="sk-of-the-program"), do.sdk()],
        expect=Expect(
            story=Story(
                sdk=Used(account={"type": "apiKey"}, bearers=["sk-of-the-program"]),
                sdk_2=Used(account={"type": "apiKey"}, bearers=["sk-of-the-program"]),
            ),
            home=Home(
                auth_json="created",
                auth={"auth_mode": "apikey", "OPENAI_API_KEY": "sk-of-the-program"},
                layout=True,
                mode="0600",
            ),
        ),
        applies=SINCE,
    ),
}
