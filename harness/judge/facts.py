"""Facts about Codex that the rest rests on: its endpoints, its plans, and what is so since when."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from packaging.version import Version

from harness.declare.releases import Range

INVALID_REQUEST: Final = -32600

INTERNAL_ERROR: Final = -32603

REFRESH_AHEAD: Final = timedelta(minutes=5)
"""How long before its ``exp`` Codex refreshes an access token."""

OPAQUE_LIFETIME: Final = timedelta(days=8)
"""How long after ``last_refresh`` Codex trusts an access token that names no ``exp``."""

NEVER: Final = Version("9999")
"""The release of what has not come yet."""

PLANS: Final = {
    **dict.fromkeys(
        ("free", "go", "plus", "pro", "team", "business", "enterprise", "edu"), Version("0.93.0")
    ),
    "prolite": Version("0.121.0"),
    "self_serve_business_usage_based": Version("0.118.0"),
    "enterprise_cbp_usage_based": Version("0.118.0"),
    "hc": Version("0.117.0"),
    "education": Version("0.128.0"),
    "self_serve_business_prolite": Version("0.147.0"),
    "ent26": Version("0.146.0"),
    "enterprise_cbp_automation": Version("0.147.0"),
    "edu_plus": Version("0.149.0"),
    "edu_pro": Version("0.149.0"),
    "promax": Version("0.158.0"),
    "sci": Version("0.164.0"),
    "sci_plus": Version("0.164.0"),
}
"""The plans that Codex knows from an id token, and since when; any other is ``unknown``."""

PLAN_ALIASES: Final = {"hc": "enterprise", "education": "edu"}

WORKSPACE_PLANS: Final = {
    **dict.fromkeys(PLANS, NEVER),
    "edu": Version("0.137.0"),
    "education": Version("0.137.0"),
    **dict.fromkeys(
        (
            *("business", "enterprise", "ent26", "enterprise_cbp_automation"),
            *("enterprise_cbp_usage_based", "edu_plus", "edu_pro", "hc", "sci", "sci_plus"),
        ),
        Version("0.93.0"),
    ),
}
"""The plans for which Codex asks for the workspace's config at its start, and since when.

It asks for none that it does not know.
"""

USAGE_PLANS: Final = frozenset({"guest", "free_workspace", "quorum", "k12"})
"""More plans that the rate limits may name without harm, where others are an error."""

ANY_USAGE_PLAN: Final = Version("0.121.0")
"""From here on the rate limits may name a plan that Codex does not know."""

MEASURED: Final = Version("0.163.0")
"""The release on which the expectations were measured first."""

ACCOUNT_WITHOUT_EMAIL: Final = Version("0.142.0")
"""From here on an account needs no e-mail address."""

ACCOUNT_WITHOUT_PLAN: Final = Version("0.107.0")
"""From here on an account needs no plan."""

SENT_WITHOUT_BEARER: Final = Version("0.125.0")
"""From here on Codex sends without a bearer what it has no token for; before, it sends nothing."""

LIMITS_WITHOUT_BEARER: Final = Range("==0.123.0")
"""Where of all that it has no token for it sends the request for the rate limits alone."""

ACCOUNT_GUARDED: Final = Version("0.105.0")
"""From here on Codex refreshes no tokens whose account it does not know."""

EXPIRY_READ: Final = Version("0.117.0")
"""From here on Codex reads the ``exp`` of an access token; before, only ``last_refresh``."""

REFRESHED_AHEAD: Final = Version("0.136.0")
"""From here on it refreshes ``REFRESH_AHEAD`` of that time."""

API_KEY_UNCHECKED: Final = Version("0.164.0")
"""From here on ``codex login status`` says that nobody has tried the key."""

API_KEY_LOGGED_IN: Final = "Logged in using an API key - {}"

API_KEY_CONFIGURED: Final = (
    "API key configured - {}\nAuthentication is checked when you send a request."
)

NO_AMBIENT_BEARER: Final = Version("0.149.0")
"""From here on a provider that wants no sign-in gets none; before, it gets whatever there is."""

LOGOUT_LOADS: Final = Version("0.169.0")
"""From here on a logout fails where the sign-in cannot be loaded, and removes nothing."""

LOGOUT_ASKS_NOBODY: Final = Version("0.140.0")
"""Before, ``codex logout`` asks whose a personal access token is, and revokes nothing beside it."""

ASKED_ONCE_MORE: Final = Range(">=0.161.0,<0.169.0")
"""Releases that ask once more whose a personal access token is when they have logged out."""

AGENT_ASKED_ONCE_MORE: Final = Version("0.161.0")
"""From here on a logout loads the identity of an agent once more."""

UNREADABLE_KEPT: Final = Version("0.169.0")
"""From here on the app-server logs out of nothing that it cannot read; texts are shorter."""

AUTH_MODES: Final = {
    "apikey": Version("0.93.0"),
    "chatgpt": Version("0.93.0"),
    "chatgptAuthTokens": Version("0.93.0"),
    "headers": Version("0.144.0"),
    "agentIdentity": Version("0.124.0"),
    "personalAccessToken": Version("0.138.0"),
    "bedrockApiKey": Version("0.140.0"),
    "bedrockAccessKeys": Version("0.150.0"),
}
"""The values of ``auth_mode`` in the order in which Codex names them, and since when it does."""

MADE_ANEW: Final = Version("0.169.0")
"""From here on Codex replaces ``auth.json``; before, it writes into it, and the mode stays."""

LOCKS: Final = {"auth.lock": Version("0.166.0"), "auth.json.lock": Version("0.169.0")}
"""What Codex leaves beside an ``auth.json`` that it has written or removed, and since when."""

LOGS_THE_HOST: Final = Range(">=0.110.0,<0.150.0")
"""Releases whose log may hold the tokens with which a host answers a refresh.

It does not always: Codex writes its log in the background, and may end before.
"""

LOGS_APART: Final = Version("0.113.0")
"""The release from which on the log has a database of its own, beside that of the state."""

STATUS_IN_KIND: Final = Version("0.158.0")
"""From here on the kind of a failed turn tells an HTTP status; before, it is ``other``."""

ROUTED: Final = Version("0.156.0")
"""From here on ``account/read`` tells where the workspace of the account is served."""

PLAN_IN_UPDATES: Final = Version("0.110.0")
"""From here on ``account/updated`` tells the plan."""

ACCOUNTS_CHECK: Final = "GET /backend-api/wham/accounts/check"

BUNDLE: Final = "GET /backend-api/wham/config/bundle"

REQUIREMENTS: Final = "GET /backend-api/wham/config/requirements"

MODELS: Final = "GET /v1/models"

RESPONSES: Final = "POST /v1/responses"

REVOKE: Final = "POST /oauth/revoke"

TOKEN: Final = "POST /oauth/token"  # noqa: S105 - a path

SETTINGS: Final = "GET /backend-api/wham/settings/user"

WHOAMI: Final = "GET /v1/user-auth-credential/whoami"

JWKS: Final = "GET /backend-api/wham/agent-identities/jwks"

TASK: Final = "POST /v1/agent/agent-1/task/register"

LIMITS: Final = (
    "GET /backend-api/wham/rate-limit-reset-credits",
    SETTINGS,
    "GET /backend-api/wham/usage",
)

SUCCESS_PAGE: Final = r"^/success\?id_token=id-\d+&"
"""Where a browser ends whose login went well."""

IN_THE_BACKGROUND: Final = (ACCOUNTS_CHECK, BUNDLE, REQUIREMENTS, SETTINGS)

BACKGROUND_LIMIT: Final = 9
"""How often each of these may be asked in a story that says nothing of it."""

MANY: Final = 50
"""More attempts than a Codex makes while a probe lasts."""

TURNS: Final = ("turn", "exec", "sdk")
"""Steps of a story that ask the model once."""


def plan_of(plan: str | None, release: Version) -> str:
    """Return what Codex makes of a plan in an id token."""
    plan = plan or ""
    return PLAN_ALIASES.get(plan, plan) if is_known_plan(plan, release) else "unknown"


def is_known_plan(plan: str, release: Version) -> bool:
    """Whether ``release`` passes ``plan`` on by its own name."""
    return plan in PLANS and release >= PLANS[plan]
