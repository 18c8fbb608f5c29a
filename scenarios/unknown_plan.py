"""The id token names a plan that this Codex has never heard of: it becomes "unknown"."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(plan_type="galactic"))
