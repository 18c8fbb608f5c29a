"""config.toml names the file as the store for credentials, as it is by default."""

from harness import SIGNED_IN, ApiKeyAuth, Auth, NoAuth, Scenario

FILES: dict[str, Auth] = {
    "no_file": NoAuth(),
    "chatgpt": SIGNED_IN,
    "api_key": ApiKeyAuth(),
}

scenarios = {
    name: Scenario(
        auth=auth,
        config={"cli_auth_credentials_store": "file"},
        stages=["session", "logout"],
    )
    for name, auth in FILES.items()
}
