"""A refresh brings an id token that says something else: Codex takes it as it comes.

Another user, or another workspace, is not noticed: the tokens are kept under the old account id.
"""

from harness import SIGNED_IN, Backend, Expect, Refresh, Scenario, grant, signed_in

ACCOUNT = {"type": "chatgpt", "email": "someone@example.com", "planType": "pro"}

scenarios = {
    name: Scenario(
        auth=SIGNED_IN,
        stages=["session", "refresh"],
        backend=Backend(token=grant(claims=changed.claims)),
        expect=Expect(refresh=Refresh(account={**ACCOUNT, **shown})),
        reports=reports,
    )
    for name, changed, shown, reports in (
        ("plan", signed_in(plan_type="team"), {"planType": "team"}, ["openai/codex#3206"]),
        ("email", signed_in(email="else@example.com"), {"email": "else@example.com"}, []),
        ("user", signed_in(chatgpt_user_id="user-2"), {}, ["farion1231/cc-switch#6780"]),
        ("no_user", signed_in(chatgpt_user_id=None), {}, []),
        ("workspace", signed_in(chatgpt_account_id="workspace-2"), {}, []),
        ("no_workspace", signed_in(chatgpt_account_id=None), {}, []),
    )
}
