// Signs every account in and prints its access token (good for ten minutes) by unit: {"3": "...", ..., "leader": "..."}.
// The first time it also changes the password that `user add` gave, as each person must, and keeps the new one.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
const url = `http://127.0.0.1:${process.env.PORT}`, home = `${process.env.BENCH_WORK}/ours-${process.env.BENCH_SIZE}`;
for (let i = 0; ; i++) {
  if (await fetch(url + "/health/ready").then((r) => r.ok, () => false)) break;
  if (i > 120) throw new Error("not ready");
  await new Promise((r) => setTimeout(r, 250));
}
async function ask(query, variables, token) {
  const headers = { "content-type": "application/json", ...(token && { authorization: "Bearer " + token }) };
  const answer = await fetch(url + "/graphql", { method: "POST", headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}
const LOGIN = "mutation($i: SessionLoginInput!) { sessionLogin(input: $i) { accessToken userErrors { message } } }";
const CHANGE = "mutation($i: PasswordChangeInput!) { passwordChange(input: $i) { accessToken userErrors { message } } }";
const kept = [], out = {};
for (const line of readFileSync(home + "/accounts", "utf8").trim().split("\n")) {
  let [account, password] = line.split(" ");
  const signedIn = await ask(LOGIN, { i: { account, password } });
  let token = signedIn.data?.sessionLogin?.accessToken;
  // The first use of a pair is written down; let that not be in a measurement.
  const first = token && (await ask("{ viewer { mustChangePassword } }", {}, token));
  if (first?.data?.viewer?.mustChangePassword) {
    const newPassword = randomBytes(18).toString("base64url");
    const changed = await ask(CHANGE, { i: { currentPassword: password, newPassword } }, token);
    token = changed.data?.passwordChange?.accessToken;
    if (!token) throw new Error(account + ": " + JSON.stringify(changed));
    password = newPassword;
    await ask("{ viewer { id } }", {}, token);
  }
  if (!token) throw new Error(account + ": " + JSON.stringify(signedIn));
  kept.push(`${account} ${password}`);
  out[account.replace("u-", "")] = token;
}
writeFileSync(home + "/accounts", kept.join("\n") + "\n", { mode: 0o600 });
console.log(JSON.stringify(out));
