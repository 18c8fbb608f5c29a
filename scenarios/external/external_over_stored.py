"""A host signs in where auth.json already holds a sign-in, which comes back with a restart.

The file stays untouched, but a logout of the host's tokens removes it as well, and revokes nothing.
"""

from harness import SIGNED_IN, ApiKeyAuth, Host, HostTokens, Scenario

scenarios = {
    "chatgpt": Scenario(auth=SIGNED_IN, host=Host()),
    "chatgpt_other_workspace": Scenario(
        auth=SIGNED_IN, host=Host(logins=HostTokens(account_id="workspace-2"))
    ),
    "api_key": Scenario(auth=ApiKeyAuth(), host=Host()),
}
