"""Everybody may read auth.json, as a tool left it: Codex keeps the mode until it makes the file.

From 0.169.0 on it makes the file anew each time, and mends its mode.
"""

from harness import (
    SIGNED_IN,
    Expect,
    File,
    Home,
    Layout,
    Requests,
    Scenario,
    Story,
    Traces,
    do,
)

LOGIN = do.login({"type": "apiKey", "apiKey": "sk-another"})

scenario = Scenario(
    auth=SIGNED_IN,
    layout=Layout(file_mode="0644"),
    story=[
        do.read(refresh=True),
        do.look(),
        LOGIN,
        do.look(),
        do.logout(),
        do.look(),
        LOGIN,
        do.look(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="rewritten", mode="0644"),
            look_2=File(auth_json="rewritten", mode="0644"),
            look_3=File(auth_json="removed"),
            look_4=File(auth_json="created", mode="0600"),
        ),
        home=Home(
            auth_json="rewritten",
            auth={"auth_mode": "apikey", "OPENAI_API_KEY": "api-key"},
            mode="0600",
        ),
        requests=Requests(counts={"POST /oauth/token": 1}, refreshed_with=["refresh-0"]),
        traces=Traces(files=["0600 codex-home/auth.json"]),
    ),
    reports=["vm0-ai/vm0#13282"],
)
