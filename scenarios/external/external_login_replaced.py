"""A host signs in twice; the second tokens, of another workspace, replace the first."""

from harness import Host, HostTokens, Scenario

scenario = Scenario(host=Host(logins=[HostTokens(), HostTokens(account_id="workspace-2")]))
