"""A sign-in on a plan of schools, whose id token names no e-mail address."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(email=None, plan_type="edu"))
