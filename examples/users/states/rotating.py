"""A healthy sign-in, whose refresh tokens are good for once, as those of the real OpenAI are."""

from harness import SIGNED_IN, Backend, Scenario, rotating

scenario = Scenario(auth=SIGNED_IN, backend=Backend(token=rotating(family=True)))
