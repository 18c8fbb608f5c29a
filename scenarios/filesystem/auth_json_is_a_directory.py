"""auth.json is a directory, as a mount of a missing file leaves it.

Codex starts signed out; it can neither log in nor log out, and only the command line says why.
"""

from harness import Expect, File, Layout, Login, Logout, Ran, RpcError, Scenario, Story, do

scenario = Scenario(
    layout=Layout(auth_json="directory"),
    story=[
        do.read(),
        do.status(),
        do.turn(),
        do.login({"type": "apiKey", "apiKey": "sk-another"}),
        do.logout(),
        do.look(),
        do.run("login", "status"),
    ],
    expect=Expect(
        story=Story(
            login=Login(
                messages=[RpcError(-32603, "failed to save api key: Is a directory (os error 21)")]
            ),
            logout=Logout(
                error=RpcError(-32603, "logout failed: Is a directory (os error 21)"),
                notifications=[],
            ),
            look=File(auth_json="absent", kind="directory"),
            run=Ran(exit_code=1, text="Error checking login status: Is a directory (os error 21)"),
        )
    ),
)
