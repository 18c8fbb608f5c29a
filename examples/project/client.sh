#!/bin/sh
# A client in a shell: one state after another, at one address.
set -eu

eval "$(codex-auth-scenarios serve api_key &)"
trap 'kill "$CODEX_STATE_PID"' EXIT

control() {
  curl --silent --show-error --fail --header 'content-type: application/json' \
    "$CODEX_STATE_CONTROL$1" ${2:+--data "$2"}
}

model() {
  curl --silent --output /dev/null --write-out '%{http_code}\n' --request POST \
    --header "authorization: Bearer $1" "$OPENAI_BASE_URL/responses"
}

key=$(sed -n 's/.*"OPENAI_API_KEY": "\(.*\)".*/\1/p' "$CODEX_HOME/auth.json")
echo "the model answers $(model "$key")"

control /answers '{"responses": {"refuse": {"status": 429}}}' >/dev/null
echo "and then $(model "$key")"
control /journal | grep --quiet '"bearer": "api-key"'

control /reset '{"state": "no_auth"}' >/dev/null
test ! -e "$CODEX_HOME/auth.json" && echo "and nobody is signed in"
