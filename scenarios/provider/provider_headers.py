"""The provider of the model has an Authorization header of its own in config.toml.

It is sent where there is no sign-in or the provider wants none; otherwise the sign-in replaces it.
"""

from harness import SIGNED_IN, ApiKeyAuth, Auth, Deviation, Expect, NoAuth, Scenario, Turn

GATEWAY = {
    "name": "gateway",
    "base_url": "http://backend/v1",
    "wire_api": "responses",
    "http_headers": {"Authorization": "Bearer header-of-config"},
}
HEADER = Expect(turn=Turn(bearers=["header-of-config"], account_ids=[None]))
WANTING = {"model_providers": {"gateway": {**GATEWAY, "requires_openai_auth": True}}}
FILES: dict[str, tuple[Auth, Turn]] = {
    "chatgpt": (SIGNED_IN, Turn(bearers=["access-0"], account_ids=["workspace-1"])),
    "api_key": (ApiKeyAuth(), Turn(bearers=["api-key"])),
}

scenarios = (
    {
        "no_file": Scenario(
            stages=["session"],
            auth=NoAuth(),
            config={"model_provider": "gateway", **WANTING},
            expect=HEADER,
        )
    }
    | {
        f"{file}-wanted": Scenario(
            auth=auth,
            stages=["session"],
            config={"model_provider": "gateway", **WANTING},
            expect=Expect(turn=stored),
            reports=["Wei-Shaw/sub2api#2614", "JuliusBrussee/caveman#1045", "yvgude/lean-ctx#1685"],
        )
        for file, (auth, stored) in FILES.items()
    }
    | {
        f"{file}-not_wanted": Scenario(
            auth=auth,
            stages=["session"],
            config={"model_provider": "gateway", "model_providers": {"gateway": GATEWAY}},
            expect=HEADER,
            deviations=[
                Deviation(
                    "<0.149.0",
                    Expect(turn=stored),
                    reason="the sign-in is sent to whoever wants none, too",
                )
            ],
        )
        for file, (auth, stored) in FILES.items()
    }
)
