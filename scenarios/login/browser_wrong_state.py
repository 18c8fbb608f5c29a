"""A browser comes back with the state of another login: it is refused, and the right one is not."""

from harness import (
    ASKED_BY_BROWSER,
    OWN_ISSUER,
    Expect,
    Heard,
    Home,
    Requests,
    Scenario,
    Story,
    Visited,
    account_updated,
    do,
    login_completed,
    stored_tokens,
)

scenario = Scenario(
    applies=OWN_ISSUER,
    story=[
        do.login({"type": "chatgpt"}),
        do.visit(code="code-1", state="of-another-login"),
        do.visit("/elsewhere"),
        do.hear(),
        do.visit(),
        do.hear("account/updated"),
    ],
    expect=Expect(
        story=Story(
            visit=Visited(status=400, location=None, text="State mismatch"),
            visit_2=Visited(status=404, location=None, text="Not Found"),
            hear=Heard(messages=[]),
            hear_2=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
)
