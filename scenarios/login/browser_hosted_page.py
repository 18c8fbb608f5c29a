"""A person logs in with a browser, and ends on a page of OpenAI instead of one of Codex."""

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
        do.login({"type": "chatgpt", "useHostedLoginSuccessPage": True, "appBrand": "chatgpt"}),
        do.visit(),
        do.hear("account/updated"),
    ],
    expect=Expect(
        story=Story(
            visit=Visited(
                location="https://chatgpt.com/codex/open-app?source=login&app_brand=chatgpt",
                text="",
            ),
            hear=Heard(messages=[login_completed("login-1"), account_updated("chatgpt", "pro")]),
        ),
        home=Home(auth_json="created", auth=stored_tokens(1, api_key="exchanged-key")),
        requests=Requests(counts=ASKED_BY_BROWSER),
    ),
    upstream={"story": ["login_account_chatgpt_redirects_to_hosted_success_page"]},
)
