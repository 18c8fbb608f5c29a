"""`codex login` gets no key on its standard input, or one as an argument, and touches nothing."""

from harness import SIGNED_IN, Expect, File, Ran, Scenario, Story, do

scenarios = {
    variant: Scenario(
        auth=SIGNED_IN,
        story=[do.run("login", *words), do.look()],
        expect=Expect(
            story=Story(run=Ran(exit_code=1, text=text), look=File(auth_json="untouched"))
        ),
    )
    for variant, words, text in (
        (
            "nothing",
            ["--with-api-key"],
            "Reading API key from stdin...\nNo API key provided via stdin.",
        ),
        (
            "as_argument",
            ["--api-key", "sk-of-the-login"],
            (
                "The --api-key flag is no longer supported. Pipe the key instead, "
                "e.g. `printenv OPENAI_API_KEY | codex login --with-api-key`."
            ),
        ),
    )
}
