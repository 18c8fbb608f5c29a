"""config.toml forces the one login method; auth.json holds it, or the other.

A sign-in of the wrong kind counts as none, and stays in auth.json.
"""

from harness import SIGNED_IN, ApiKeyAuth, Deviation, NoAuth, Scenario

CHATGPT, API = {"forced_login_method": "chatgpt"}, {"forced_login_method": "api"}
NOT_YET = "stored credentials are not yet held against this policy"

scenarios = {
    "chatgpt-has-chatgpt": Scenario(auth=SIGNED_IN, config=CHATGPT),
    "chatgpt-has-api-key": Scenario(
        auth=ApiKeyAuth(),
        config=CHATGPT,
        taken_for=NoAuth(),
        deviations=[Deviation("<0.147.0", taken_for=ApiKeyAuth(), reason=NOT_YET)],
    ),
    "api-has-api-key": Scenario(auth=ApiKeyAuth(), config=API),
    "api-has-chatgpt": Scenario(
        auth=SIGNED_IN,
        config=API,
        taken_for=NoAuth(),
        deviations=[Deviation("<0.147.0", taken_for=SIGNED_IN, reason=NOT_YET)],
    ),
}
