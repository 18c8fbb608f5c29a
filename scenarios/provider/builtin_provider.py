"""The model is asked through the provider that Codex has by itself, "openai", at another address.

Codex first tries a WebSocket, seven times, and then does as with any provider. Until 0.143.0 its
log database keeps the token that it sent.
"""

from harness import SIGNED_IN, Deviation, Expect, Home, Requests, Scenario, Traces, every

LOGGED = every(r"^access-0 in codex-home/logs_\d\.sqlite$")

scenario = Scenario(
    auth=SIGNED_IN,
    config={"model_provider": "openai"},
    lasts=6,
    expect=Expect(requests=Requests(counts={"GET /v1/responses": 7})),
    deviations=[
        Deviation(
            "<0.116.0",
            Expect(requests=Requests(counts={"GET /v1/responses": 0})),
            reason="Codex tries no WebSocket yet",
        ),
        Deviation(
            ">=0.116.0,<0.143.0",
            # The log is written in the background, and may miss the end.
            Expect(home=Home(leaked=LOGGED), traces=Traces(leaked=LOGGED)),
            reason="the headers of a WebSocket are logged",
        ),
    ],
)
