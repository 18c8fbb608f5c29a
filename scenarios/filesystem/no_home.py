"""CODEX_HOME names no directory: nothing is there, or a file. Codex does not start."""

from harness import (
    Deviation,
    Expect,
    Home,
    Layout,
    Ran,
    Scenario,
    Start,
    Story,
    do,
    either,
    matching,
)

scenarios = {
    kind: Scenario(
        layout=Layout(home=kind),
        story=[do.start(), do.run("login", "status")],
        expect=Expect(
            story=Story(
                start=Start(
                    outcome="died: Codex ended without an answer to initialize",
                    stderr=matching(f"path {why}$"),
                ),
                run=Ran(exit_code=1, text=matching(f"path {why}$")),
            ),
            home=Home(exit="1"),
        ),
        deviations=[
            Deviation(
                "<0.125.0",
                Expect(
                    story=Story(
                        start=Start(
                            outcome=matching("^(died|hung): "), stderr=matching(f"(path {why}|^)$")
                        )
                    ),
                    home=Home(exit=either("1", "0")),
                ),
                reason="as chance has it, it only ends once nobody talks to it any more",
            )
        ],
        reports=reports,
    )
    for kind, why, reports in [
        ("missing", "does not exist", ["UiPath/coder_eval#39"]),
        ("file", "is not a directory", []),
    ]
}
