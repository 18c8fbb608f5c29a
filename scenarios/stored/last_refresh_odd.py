"""last_refresh lies far in the past or in the future, or is not written as Codex would.

All is well for a token that names its ``exp``; before Codex read that, an old one was refreshed.
"""

from harness import SIGNED_IN, UTC, Scenario, datetime, edited, signed_in

scenarios = {
    "epoch": Scenario(auth=signed_in(last_refresh=datetime(1970, 1, 1, tzinfo=UTC))),
    "future": Scenario(auth=signed_in(last_refresh=datetime(2999, 1, 1, tzinfo=UTC))),
    "offset": Scenario(auth=edited(SIGNED_IN, last_refresh="2999-01-01T09:00:00+09:00")),
}
