"""The model refuses what codex exec sends: it refreshes a ChatGPT sign-in, and never an API key."""

from harness import (
    SIGNED_IN,
    ApiKeyAuth,
    Backend,
    Deviation,
    Expect,
    Home,
    Ran,
    Requests,
    Scenario,
    Story,
    do,
    stored_tokens,
    unauthorized,
    until_refreshed,
)

REFUSED = (
    "unexpected status 401 Unauthorized: Provided authentication token is expired., "
    "url: http://backend/v1/responses"
)
LEFT_OUT = [
    Deviation(
        "<0.95.0",
        Expect(story=Story(exec=Ran(text="unexpected status 401 Unauthorized: "))),
        reason="the answer of the model is left out",
    )
]
TRIED = {"bearers": ["access-0", "access-0", "access-1"], "account_ids": ["workspace-1"] * 3}
HOME = Home(auth_json="rewritten", auth=stored_tokens(1))
REQUESTS = Requests(
    counts={"POST /oauth/token": 1, "POST /v1/responses": 3}, refreshed_with=["refresh-0"]
)

scenarios = {
    "until-refreshed": Scenario(
        auth=SIGNED_IN,
        backend=Backend(responses=until_refreshed(unauthorized())),
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(**TRIED)), home=HOME, requests=REQUESTS),
    ),
    "for-good": Scenario(
        auth=SIGNED_IN,
        backend=Backend(responses=unauthorized()),
        story=[do.exec()],
        expect=Expect(
            story=Story(exec=Ran(exit_code=1, text=REFUSED, **TRIED)),
            home=HOME,
            requests=REQUESTS,
        ),
        deviations=LEFT_OUT,
    ),
    "api-key": Scenario(
        auth=ApiKeyAuth(),
        backend=Backend(responses=unauthorized()),
        story=[do.exec()],
        expect=Expect(story=Story(exec=Ran(exit_code=1, text=REFUSED))),
        deviations=LEFT_OUT,
    ),
}
