// What an attacker tries, on every transport: each attempt is refused with its code and in its time, while another user
// goes on being answered and the server's memory stays within bounds. Beside what `server.mjs` needs, the process of the
// server may be told by MINSHENG_TEST_PID; then its peak memory is read from the system.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import WebSocket from 'ws';
import { pause, within } from './events.mjs';
import { address, ask, endpoint, socketEndpoint, tokenOf } from './server.mjs';

const AT_ONCE = Number(process.env.MINSHENG_TEST_AT_ONCE ?? 50); // milliseconds for a refusal that needs the document alone
const SOON = Number(process.env.MINSHENG_TEST_SOON ?? 1_000); // milliseconds for a refusal that waits for nothing
const TIMEOUT = 10_000; // the server's own for a header, a body, an init
const IDLE_SOCKETS = 2_000;
const MOST_MEMORY = 256; // MiB
const { hostname, port } = new URL(address);
const token = await tokenOf({ role: 'TOWNSHIP', position: 'OFFICER' });
let failed = 0;

// ---------------------------------------------------------------- documents

const nested = (depth) => '['.repeat(depth) + ']'.repeat(depth);
/** Fragments that double `steps` times, with `leaf` at their end. */
const doublingTo = (leaf, steps) => {
  let text = 'query { ...f0 }';
  for (let step = 0; step < steps; step += 1) text += ` fragment f${step} on Query { ...f${step + 1} ...f${step + 1} }`;
  return `${text} fragment f${steps} on Query { ${leaf} }`;
};
const thirty = (field) => `{ ${Array.from({ length: 30 }, (_, n) => `a${n}: ${field}`).join(' ')} }`;
const pages = `{ submissions(first: 100) { nodes { stream { campaign { streams { campaign { streams { campaign {
  villages(first: 100) { nodes { id } } } } } } } } } } }`;
const logins = () => {
  const one = (n) => `l${n}: sessionLogin(input: { account: "nobody", password: "wrong-${n}" }) { accessToken }`;
  return `mutation { ${Array.from({ length: 100 }, (_, n) => one(n)).join(' ')} }`;
};

const documents = [
  ...[100, 1_000, 10_000].flatMap((depth) => [
    [`argument nested ${depth}`, `{ node(id: ${nested(depth)}) { id } }`],
    [`variable default nested ${depth}`, `query($a: ID = ${nested(depth)}) { node(id: $a) { id } }`],
    [`directive nested ${depth}`, `{ serverTime @include(if: ${nested(depth)}) }`],
  ]),
  ['fragments double 30 times', doublingTo('serverTime', 30)],
  ['lists of a hundred, four deep', pages],
  ['10,000 and nodes', 'query($f: SubmissionFilter) { submissions(filter: $f) { totalCount } }',
    { f: { and: Array.from({ length: 10_000 }, () => ({})) } }],
  ['100 logins by alias', logins()],
  ['30 searches with totals', thirty('submissions(first: 1, filter: { text: "的", isLate: false }) { totalCount }')],
  ['30 pages of long texts', thirty('submissions(first: 100) { nodes { title content } }')],
  ['introspection by 50 spreads', `{ ${'...f '.repeat(50)}} fragment f on Query { __schema { types { fields { args { name } } } } }`],
  ['types of types of types', `{ __schema { types { ${'fields { type { '.repeat(4)}name${' } }'.repeat(4)} } } }`],
];

// What stands at the end of fragments that double: nothing that is answered. A field at their end is the control.
const leaves = [
  ['undefined', '...nope', 'GRAPHQL_VALIDATION_FAILED'],
  ['cyclic', '...f0', 'GRAPHQL_VALIDATION_FAILED'],
  ['impossible type', '... on Village { id }', 'QUERY_TOO_COMPLEX'],
  ['inline only', '... { ... { ... @skip(if: true) { __typename } } }', 'QUERY_TOO_COMPLEX'],
  ['a field', 'serverTime', 'QUERY_TOO_COMPLEX'],
];

const json = { 'content-type': 'application/json' };
const transports = {
  post: (query, variables) => request('POST', '/graphql', { ...json, accept: 'application/graphql-response+json' }, JSON.stringify({ query, variables })),
  get(query, variables) {
    const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
    return request('GET', `/graphql?${search}`, {});
  },
  sse: (query, variables) => request('POST', '/graphql', { ...json, accept: 'text/event-stream' }, JSON.stringify({ query, variables })),
  ws: overSocket,
};

/** One request on a connection of its own; the status and the first code of the answer. */
function request(method, path, headers, body) {
  return new Promise((done, fail) => {
    const sent = http.request({ hostname, port, method, path, headers: { ...headers, authorization: `Bearer ${token}` }, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => done({ status: answer.statusCode, code: codeIn(text) }));
      answer.on('error', fail);
    });
    // A server that answers before it has read all may hang up on the rest.
    sent.on('error', (error) => { if (!['EPIPE', 'ECONNRESET'].includes(error.code)) fail(error); });
    sent.end(body);
  });
}

const codeIn = (text) => /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? text.slice(0, 120);

async function overSocket(query, variables) {
  const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws');
  const closed = new Promise((done) => socket.once('close', (code, reason) => done({ status: code, code: /^([A-Z_]+):/.exec(String(reason))?.[1] ?? `CLOSED_${code}` })));
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  let begin;
  const answered = new Promise((done) => socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    if (message.type === 'connection_ack') {
      begin = performance.now();
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query, variables } }));
    }
    if (message.type === 'error' || message.type === 'next') {
      done({ status: message.type, code: codeIn(JSON.stringify(message)), took: performance.now() - begin });
    }
  }));
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } }));
  const outcome = await Promise.race([answered, closed]);
  socket.terminate();
  return outcome;
}

/** Runs an attempt, and holds its outcome against what is expected. */
async function attempt(name, expected, run, longest = SOON) {
  const begin = performance.now();
  let outcome;
  try {
    outcome = await within(longest + 5_000, run(), name);
  } catch (error) {
    outcome = { status: 'failed', code: String(error) };
  }
  // A socket's own time begins with the question.
  const took = outcome.took ?? performance.now() - begin;
  const right = expected.includes(outcome.code) && took <= longest;
  if (!right) failed += 1;
  console.log(`${right ? 'ok  ' : 'FAIL'} ${name.padEnd(46)} ${String(outcome.status).padEnd(6)} ${outcome.code.padEnd(26)} ${took.toFixed(0).padStart(6)} ms`);
}

async function documentsOnEveryTransport() {
  for (const [name, query, variables = {}] of documents) {
    for (const [transport, send] of Object.entries(transports)) {
      const expected = ['QUERY_TOO_COMPLEX'];
      // An address of this length is no address, and GET carries no mutation at all.
      const long = query.length + JSON.stringify(variables).length > 8_000;
      if (transport === 'get' && (long || query.startsWith('mutation'))) expected.push('BAD_USER_INPUT', '');
      await attempt(`${name}, ${transport}`, expected, () => send(query, variables));
    }
  }
}

/** The quickest of up to three: the machine may be busy with others. */
async function quickest(send) {
  let best;
  for (let tries = 0; tries < 3 && !(best?.took <= AT_ONCE); tries += 1) {
    const begin = performance.now();
    const outcome = await send();
    outcome.took ??= performance.now() - begin;
    if (!best || outcome.took < best.took) best = outcome;
  }
  return best;
}

async function emptyLeavesOnEveryTransport() {
  for (const [name, leaf, code] of leaves) {
    for (const steps of [12, 20, 30, 40, 50, 60]) {
      for (const [transport, send] of Object.entries(transports)) {
        // Beyond the most fragments inside each other, that is the reason.
        await attempt(`${name}, ${steps} times, ${transport}`, [code, 'QUERY_TOO_COMPLEX'], () => quickest(() => send(doublingTo(leaf, steps), {})), AT_ONCE);
      }
    }
  }
}

/** The most long text that its price lets through, sixteen times at once: told, or refused by its bytes or as busy. */
async function bytesAtOnce() {
  const fields = Array.from({ length: 7 }, (_, n) => `a${n}: submissions(first: 100) { nodes { title content } }`);
  const one = async () => {
    const outcome = await transports.post(`{ ${fields.join(' ')} }`, {});
    return outcome.status === 200 ? { ...outcome, code: 'TOLD' } : outcome;
  };
  const expected = ['TOLD', 'QUERY_TOO_COMPLEX', 'RATE_LIMITED', 'UNAVAILABLE'];
  await Promise.all(Array.from({ length: 16 }, (_, n) => attempt(`all texts that the price allows, ${n}`, expected, one, 2 * TIMEOUT)));
}

// ------------------------------------------------------------ bodies, methods

const LARGE = 24 * 1024 * 1024;

function largeBody(chunked) {
  const headers = chunked ? { ...json, 'transfer-encoding': 'chunked' } : { ...json, 'content-length': LARGE };
  return new Promise((done, fail) => {
    const sent = http.request({ hostname, port, method: 'POST', path: '/graphql', headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => {
        done({ status: answer.statusCode, code: codeIn(text) });
        sent.destroy();
      });
      answer.on('error', () => {});
    });
    sent.on('error', (error) => { if (!['EPIPE', 'ECONNRESET'].includes(error.code)) fail(error); });
    const piece = Buffer.alloc(64 * 1024, 'x');
    let left = LARGE;
    const push = () => {
      while (left > 0 && !sent.destroyed) {
        left -= piece.length;
        if (!sent.write(piece)) return sent.once('drain', push);
      }
      return sent.end();
    };
    push();
  });
}

async function largeMessage() {
  const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws');
  await new Promise((done, fail) => socket.once('open', done).once('error', fail));
  const closed = new Promise((done) => {
    socket.once('close', (code) => done({ status: code, code: 'CLOSED' }));
    socket.once('error', () => done({ status: 'reset', code: 'CLOSED' }));
  });
  socket.send('x'.repeat(LARGE));
  return closed;
}

const MUTATION = 'mutation { sessionLogout(input: { refreshToken: "none" }) { userErrors { code } } }';

function foreignOrigin() {
  return new Promise((done, fail) => {
    const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws', { origin: 'https://elsewhere.example' });
    socket.once('open', () => done({ status: 101, code: 'OPEN' }));
    socket.once('unexpected-response', (_, answer) => {
      let text = '';
      answer.on('data', (chunk) => { text += chunk; });
      answer.on('end', () => done({ status: answer.statusCode, code: codeIn(text) }));
    });
    socket.on('error', (error) => { if (!/Unexpected server response/.test(error.message)) fail(error); });
  });
}

async function bodiesAndMethods() {
  const body = JSON.stringify({ query: MUTATION });
  await attempt('24 MiB announced', ['BAD_USER_INPUT'], () => largeBody(false));
  await attempt('24 MiB in chunks', ['BAD_USER_INPUT'], () => largeBody(true));
  await attempt('24 MiB, ws', ['CLOSED'], largeMessage);
  await attempt('mutation by GET', ['BAD_USER_INPUT'], () => transports.get(MUTATION, {}));
  await attempt('mutation by PUT', ['BAD_USER_INPUT'], () => request('PUT', '/graphql', json, body));
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    await attempt(`mutation as ${type}`, ['BAD_USER_INPUT'], () => request('POST', '/graphql', { 'content-type': type }, body));
  }
  await attempt('foreign Origin on the upgrade', ['FORBIDDEN'], foreignOrigin);
}

// ---------------------------------------------------------------- slow clients

/** Sends `head` at once and then one byte a second, until the server ends it; what it said is kept. */
function drip(head, slowly) {
  return new Promise((done) => {
    const socket = net.connect(Number(port), hostname);
    let text = '';
    let place = 0;
    const timer = setInterval(() => socket.write(slowly[place++ % slowly.length]), 1_000);
    const end = () => {
      clearInterval(timer);
      socket.destroy();
      done({ status: /^HTTP\/1.1 (\d+)/.exec(text)?.[1] ?? 'ended', code: text ? codeIn(text) : 'CLOSED' });
    };
    socket.on('connect', () => socket.write(head));
    socket.on('data', (data) => { text += data; if (text.includes('"code"')) end(); });
    socket.on('close', end).on('error', end);
  });
}

async function slowInit() {
  const socket = new WebSocket(socketEndpoint, 'graphql-transport-ws');
  return new Promise((done) => socket.once('close', (code) => done({ status: code, code: `CLOSED_${code}` })));
}

/** Sockets that say nothing; how many of them could be opened, and that all are ended. */
async function idleSockets() {
  let opened = 0;
  const one = () => new Promise((done) => {
    const socket = net.connect(Number(port), hostname);
    socket.on('connect', () => { opened += 1; });
    socket.on('data', () => {});
    socket.on('close', done).on('error', () => done());
  });
  await Promise.all(Array.from({ length: IDLE_SOCKETS }, one));
  return { status: opened, code: 'CLOSED' };
}

const LATE = TIMEOUT + 3_000;
const slowOnes = () => Promise.all([
  attempt('a byte a second of header', ['CLOSED'], () => drip('POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ', 'a'), LATE),
  attempt('a byte a second of body', ['BAD_USER_INPUT'],
    () => drip('POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9999\r\n\r\n', ' '), LATE),
  attempt('a socket without init, ws', ['CLOSED_4408'], slowInit, LATE),
  attempt(`${IDLE_SOCKETS} idle sockets`, ['CLOSED'], idleSockets, LATE),
]);

// ------------------------------------------------------------- the other user

const QUEUE = '{ submissions(first: 20) { totalCount nodes { id title stage department { name } records(last: 3) { action at } } } }';
const bystander = { asked: 0, slowest: 0, going: true };

async function standBy() {
  while (bystander.going) {
    const begin = performance.now();
    const { data, errors } = await ask(QUEUE, {}, token);
    assert.ok(data?.submissions?.nodes, JSON.stringify(errors));
    bystander.asked += 1;
    bystander.slowest = Math.max(bystander.slowest, performance.now() - begin);
    await pause(200);
  }
}

const standing = standBy();
await documentsOnEveryTransport();
await emptyLeavesOnEveryTransport();
await bytesAtOnce();
await bodiesAndMethods();
await slowOnes();
bystander.going = false;
await standing;

console.log(`another user was answered ${bystander.asked} times, at the slowest in ${bystander.slowest.toFixed(0)} ms`);
const pid = process.env.MINSHENG_TEST_PID;
if (pid) {
  const peak = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1024;
  console.log(`peak resident memory of the server: ${peak.toFixed(0)} MiB, at most ${MOST_MEMORY}`);
  assert.ok(peak < MOST_MEMORY, `${peak} MiB`);
}
assert.ok((await fetch(`${endpoint}?query=%7BserverTime%7D`)).ok, 'the server is gone');
assert.equal(failed, 0, `${failed} attempts were not refused as they should be`);
