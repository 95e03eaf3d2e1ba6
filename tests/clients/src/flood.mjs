// Two hundred parallel logins for thirty seconds, from as many addresses as there are attempts, so that it is the queue of
// the hashes that bounds them and not the patience with one address: the server's memory stays within 64 MiB of idle, the
// surplus is told to wait, never more hashes run at once than there are cores, and everybody else goes on being answered.
// The server must believe this machine's X-Forwarded-For; MINSHENG_TEST_PID is its process.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { address, ask, endpoint, tokenOf } from './server.mjs';

const AT_ONCE = 200;
const LONG = 30_000; // milliseconds
const MOST_MEMORY = Number(process.env.MINSHENG_TEST_FLOOD_MEMORY ?? 64); // MiB above idle
const SLOWEST = Number(process.env.MINSHENG_TEST_SLOWEST ?? 2_000); // milliseconds for everybody else
const pid = process.env.MINSHENG_TEST_PID;

const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
const LOGIN = 'mutation($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken userErrors { code } } }';
const QUEUE = '{ submissions(first: 20) { nodes { id title } } }';
const pause = (time) => new Promise((done) => setTimeout(done, time));

let attempts = 0;
const outcomes = {};
async function attempt() {
  attempts += 1;
  const from = `10.${(attempts >> 16) & 255}.${(attempts >> 8) & 255}.${attempts & 255}`;
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json', 'x-forwarded-for': from };
  const input = { account: `flood-${attempts}`, password: `wrong-password-${attempts}` };
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query: LOGIN, variables: { input } }) });
  const body = await answer.json();
  const code = body.errors?.[0]?.extensions?.code ?? body.data.sessionLogin.userErrors[0].code;
  const outcome = `${answer.status} ${code}`;
  outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
}

async function timed(work) {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

const token = await tokenOf({ role: 'TOWNSHIP', position: 'OFFICER' });
await ask(QUEUE, {}, token);
await pause(1_000);
const idle = memory();
let peak = idle;
const end = Date.now() + LONG;
const going = () => Date.now() < end;

async function flood() { while (going()) await attempt(); }
async function everybodyElse(times) {
  while (going()) {
    times.push(await timed(async () => assert.ok((await ask(QUEUE, {}, token)).data.submissions.nodes)));
    times.push(await timed(async () => assert.equal((await fetch(`${address}/health/ready`)).status, 200)));
    peak = Math.max(peak, memory());
    await pause(100);
  }
}

const times = [];
await Promise.all([everybodyElse(times), ...Array.from({ length: AT_ONCE }, flood)]);
const metrics = await (await fetch(`${address}/metrics`)).text();
const hashes = Number(/^minsheng_password_hashes_peak (\d+)/m.exec(metrics)[1]);
const slowest = Math.max(...times);

console.log(`${attempts} logins: ${JSON.stringify(outcomes)}; at most ${hashes} hashes at once on ${availableParallelism()} cores`);
console.log(`memory ${idle.toFixed(1)} MiB idle, ${(peak - idle).toFixed(1)} MiB above it at most`);
console.log(`${times.length} requests of others, the slowest in ${slowest.toFixed(0)} ms`);
assert.deepEqual(Object.keys(outcomes).sort(), ['200 WRONG_CREDENTIALS', '429 RATE_LIMITED']);
assert.ok(outcomes['429 RATE_LIMITED'] > AT_ONCE, 'the surplus is told to wait');
assert.ok(hashes >= 1 && hashes <= availableParallelism(), 'never more hashes at once than cores');
assert.ok(peak - idle <= MOST_MEMORY, `memory grew by ${peak - idle} MiB`);
assert.ok(times.length >= 20 && slowest <= SLOWEST, `somebody else waited ${slowest} ms`);
console.log('ok');
