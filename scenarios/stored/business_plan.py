"""A workspace plan, for which Codex also fetches the workspace's config bundle."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(plan_type="business"))
