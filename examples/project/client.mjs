// A client in another language: refreshes tokens that have expired, and asks the model.
import { readFile, writeFile } from "node:fs/promises";

const file = `${process.env.CODEX_HOME}/auth.json`;
const auth = JSON.parse(await readFile(file, "utf8"));

function hasExpired(token) {
  const { exp } = JSON.parse(Buffer.from(token.split(".")[1], "base64url"));
  return exp * 1000 < Date.now();
}

async function post(url, body, headers = {}) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) {
    console.error(`${new URL(url).pathname}: ${response.status}`);
    process.exit(1);
  }
  return response;
}

if (hasExpired(auth.tokens.access_token)) {
  const granted = await post(process.env.CODEX_REFRESH_TOKEN_URL_OVERRIDE, {
    grant_type: "refresh_token",
    refresh_token: auth.tokens.refresh_token,
  });
  auth.tokens = { ...auth.tokens, ...(await granted.json()) };
  auth.last_refresh = new Date().toISOString();
  await writeFile(file, JSON.stringify(auth, null, 2));
}

await post(
  `${process.env.OPENAI_BASE_URL}/responses`,
  { model: "gpt-5", input: "Say one word." },
  {
    authorization: `Bearer ${auth.tokens.access_token}`,
    "chatgpt-account-id": auth.tokens.account_id,
  },
);
