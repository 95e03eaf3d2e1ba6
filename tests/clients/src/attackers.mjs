// Sixteen, and then sixty-four, attackers with one account between them: searches over the whole county, pages of long
// texts, exports, sockets full of subscriptions; and submissions without an account, all from one address. Meanwhile
// another user asks for a queue, as before while all was quiet. That user is never refused, waits at the 95th percentile
// less than three times as long as before, and the server stays ready.
//
// The attackers run in a thread of their own and pause a moment after each refusal: on another machine they would take no
// core from the server that they attack. Beside what `server.mjs` needs, MINSHENG_TEST_PID is the server's process; then
// its peak memory is read from the system. A database filled by `minsheng generate --accounts FILE` will do as well.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import WebSocket from 'ws';
import { COUNTY, accounts, address, ask, endpoint, socketEndpoint } from './server.mjs';

const CROWDS = (process.env.MINSHENG_TEST_CROWDS ?? '16,64').split(',').map(Number);
const QUIET = Number(process.env.MINSHENG_TEST_QUIET ?? 6_000); // milliseconds
const ATTACK = Number(process.env.MINSHENG_TEST_ATTACK ?? 20_000);
const MOST_RATIO = Number(process.env.MINSHENG_TEST_RATIO ?? 3);
const AFTER_REFUSAL = 100; // milliseconds

const pause = (time) => new Promise((done) => setTimeout(done, time));

// ------------------------------------------------------------------ attackers

const SEARCH = '{ a: submissions(first: 100, filter: { text: "的", isLate: false }) { totalCount nodes { id title } } b: submissions(first: 100, filter: { text: "路" }) { totalCount nodes { id } } }';
const TEXTS = '{ a: submissions(first: 100) { nodes { title content } } b: submissions(first: 100, orderBy: { direction: ASC }) { nodes { title content } } }';
const EXPORT = 'mutation { submissionExport(input: { format: CSV }) { export { url } userErrors { code } } }';
const SUBMIT = 'mutation($input: SubmissionSubmitInput!) { submissionSubmit(input: $input) { receipt { code } userErrors { code } } }';
const SUBSCRIPTIONS = 20;

const weapons = { search: (token) => asked(SEARCH, token), texts: (token) => asked(TEXTS, token), exports: carriedOut, sockets: subscribed, submissions: submitted };

/** One request; its first code, or OK. */
async function asked(query, token, variables = {}) {
  const { errors } = await ask(query, variables, token);
  return errors?.[0]?.extensions?.code ?? 'OK';
}

async function carriedOut(token) {
  const { data, errors } = await ask(EXPORT, {}, token);
  const url = data?.submissionExport?.export?.url;
  if (!url) return errors?.[0]?.extensions?.code ?? data.submissionExport.userErrors[0].code;
  const answer = await fetch(`${address}${url}`);
  // At the pace of somebody who wants the place and not the file.
  for await (const _ of answer.body) await pause(20);
  return answer.ok ? 'OK' : String(answer.status);
}

/** A socket with as many subscriptions as it carries, for a second. */
function subscribed(token) {
  return new Promise((done) => {
    const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws');
    let outcome = 'OK';
    const payload = { query: 'subscription { submissionChanged { kind submission { id version title content } } }' };
    socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })));
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.type === 'error') outcome = message.payload[0].extensions.code;
      if (message.type !== 'connection_ack') return;
      for (let id = 0; id < SUBSCRIPTIONS; id += 1) socket.send(JSON.stringify({ id: String(id), type: 'subscribe', payload }));
      setTimeout(() => socket.terminate(), 1_000);
    });
    socket.on('error', () => {});
    socket.on('close', (code) => done(code === 1006 ? outcome : `CLOSED_${code}`));
  });
}

let submissions = 0;
function submitted() {
  submissions += 1;
  const input = {
    idempotencyKey: `attack-${Date.now()}-${submissions}`, title: '刷屏', content: '垃圾',
    to: { county: COUNTY, campaign: 'MSQT-2022', channel: 'WEBSITE' },
  };
  return asked(SUBMIT, undefined, { input });
}

async function attack({ crowd, token, until }) {
  const outcomes = {};
  const names = process.env.MINSHENG_TEST_WEAPONS?.split(',') ?? Object.keys(weapons); // to see what one of them does alone
  await Promise.all(Array.from({ length: crowd }, async (_, place) => {
    const name = names[place % names.length];
    while (Date.now() < until) {
      let outcome;
      try {
        outcome = await weapons[name](token);
      } catch (error) {
        outcome = error.cause?.code ?? error.name;
      }
      outcomes[name] ??= {};
      outcomes[name][outcome] = (outcomes[name][outcome] ?? 0) + 1;
      if (outcome !== 'OK') await pause(AFTER_REFUSAL);
    }
  }));
  return outcomes;
}

// ------------------------------------------------------------- the other user

const QUEUE = '{ submissions(first: 20) { totalCount nodes { id title stage department { name } records(last: 3) { action at } } } }';
const LOGIN = 'mutation($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken userErrors { code } } }';

async function signedIn({ account, password }) {
  const { data, errors } = await ask(LOGIN, { input: { account, password } });
  assert.ok(data?.sessionLogin?.accessToken, `${account}: ${JSON.stringify(errors ?? data)}`);
  return data.sessionLogin.accessToken;
}

const atPercent = (times, percent) => times.toSorted((a, b) => a - b)[Math.ceil((times.length * percent) / 100) - 1];

/** Asks for the queue, one request after the other; how long each took, and how many were refused. */
async function queueTimes(token, long) {
  const [times, refused] = [[], []];
  const end = Date.now() + long;
  while (Date.now() < end) {
    const begin = performance.now();
    const { data, errors } = await ask(QUEUE, {}, token);
    times.push(performance.now() - begin);
    if (!data?.submissions?.nodes) refused.push(errors?.[0]?.extensions?.code ?? 'no rows');
    await pause(25);
  }
  return { times, refused, p50: atPercent(times, 50), p95: atPercent(times, 95) };
}

async function readiness(long) {
  const statuses = {};
  const end = Date.now() + long;
  while (Date.now() < end) {
    const { status } = await fetch(`${address}/health/ready`);
    statuses[status] = (statuses[status] ?? 0) + 1;
    await pause(250);
  }
  return statuses;
}

const peak = () => {
  const pid = process.env.MINSHENG_TEST_PID;
  if (!pid) return undefined;
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
};

async function measure() {
  const home = accounts.some((line) => line.county === COUNTY) ? COUNTY : accounts[0].county;
  const of = (profile) => accounts.find((line) => line.county === home && line.profile === profile);
  const [attacker, other] = [of('LEADERSHIP'), of('COLLECTOR')];
  assert.ok(attacker && other, 'the accounts hold no leadership and no collector of one county');
  const [weapon, token] = [await signedIn(attacker), await signedIn(other)];
  await queueTimes(token, 1_000);
  let failed = false;
  const told = (right, text) => {
    failed ||= !right;
    console.log(`${right ? 'ok  ' : 'FAIL'} ${text}`);
  };
  for (const crowd of CROWDS) {
    const quiet = await queueTimes(token, QUIET);
    const worker = new Worker(new URL(import.meta.url), { workerData: { crowd, token: weapon, until: Date.now() + ATTACK } });
    const outcomes = new Promise((done, fail) => worker.once('message', done).once('error', fail));
    const [attacked, statuses] = await Promise.all([queueTimes(token, ATTACK), readiness(ATTACK)]);
    console.log(`${crowd} attackers: ${JSON.stringify(await outcomes)}`);
    const ratio = attacked.p95 / quiet.p95;
    const figures = (of) => `p50 ${of.p50.toFixed(0)} p95 ${of.p95.toFixed(0)} ms`;
    told(ratio < MOST_RATIO, `${crowd}: quiet ${figures(quiet)}, attacked ${figures(attacked)}, p95 × ${ratio.toFixed(2)}, less than ${MOST_RATIO}`);
    told(attacked.refused.length === 0, `${crowd}: ${attacked.refused.length} of ${attacked.times.length} requests of the other user refused ${[...new Set(attacked.refused)]}`);
    told(Object.keys(statuses).join() === '200', `${crowd}: ready ${JSON.stringify(statuses)}`);
  }
  if (peak()) console.log(`peak resident memory of the server: ${peak().toFixed(0)} MiB`);
  assert.ok((await fetch(`${endpoint}?query=%7BserverTime%7D`)).ok, 'the server is gone');
  process.exit(failed ? 1 : 0);
}

if (isMainThread) {
  await measure();
} else {
  parentPort.postMessage(await attack(workerData));
  process.exit(0);
}
