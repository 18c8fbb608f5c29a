"""auth.json is a link to a file that is not there yet: a login creates it where it leads."""

from harness import (
    Expect,
    File,
    Layout,
    Scenario,
    Story,
    do,
)

scenario = Scenario(
    layout=Layout(auth_json="dangling"),
    story=[
        do.read(),
        do.login({"type": "apiKey", "apiKey": "sk-another"}),
        do.look(),
        do.logout(),
        do.look(),
    ],
    expect=Expect(
        story=Story(
            look=File(auth_json="created", mode="0600", kind="link", elsewhere="created"),
            look_2=File(auth_json="removed", kind="absent", elsewhere="untouched"),
        )
    ),
)
