"""The id token names no user: all is well for as long as nothing has to be refreshed by itself."""

from harness import Scenario, signed_in

scenario = Scenario(auth=signed_in(chatgpt_user_id=None))
