// graphql-transport-ws: npm's `graphql-ws` client for what clients do, bare sockets for what they never should.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';
import { CHANGED, CLERK, cases, pause, record, recordOnceReady, within } from './events.mjs';
import { address, socketEndpoint, tokenOf } from './server.mjs';
import { endingIn } from './tokens.mjs';

const PROTOCOL = 'graphql-transport-ws';
const PATIENCE = 5_000;
const LONGEST_INIT = 15_000;
const clerk = await tokenOf(CLERK);
const bearer = (token) => ({ authorization: `Bearer ${token}` });

/** A bare socket: what arrives is kept in order, and the end can be waited for. */
class Socket {
  constructor({ origin, protocol = PROTOCOL } = {}) {
    this.socket = new WebSocket(socketEndpoint, protocol, { origin, handshakeTimeout: PATIENCE });
    this.opened = new Promise((done, fail) => this.socket.once('open', done).once('error', fail));
    this.opened.catch(() => {});
    this.closed = new Promise((done) => this.socket.once('close', (code, reason) => done({ code, reason: String(reason) })));
    this.inbox = [];
    this.waiting = [];
    this.socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      const taker = this.waiting.shift();
      if (taker) taker(message);
      else this.inbox.push(message);
    });
  }

  static async open(options) {
    const socket = new Socket(options);
    await within(PATIENCE, socket.opened, 'open');
    return socket;
  }

  /** Opened and acknowledged. */
  static async ready(payload = bearer(clerk)) {
    const socket = await Socket.open();
    socket.send({ type: 'connection_init', payload });
    assert.equal((await socket.next()).type, 'connection_ack');
    return socket;
  }

  send(message) {
    this.socket.send(typeof message === 'string' || Buffer.isBuffer(message) ? message : JSON.stringify(message));
  }

  subscribe(id, query, variables) {
    this.send({ id, type: 'subscribe', payload: { query, variables } });
  }

  next() {
    const message = this.inbox.shift();
    if (message) return Promise.resolve(message);
    return within(PATIENCE, new Promise((done) => this.waiting.push(done)), 'message');
  }

  async closedWith(code, patience = PATIENCE) {
    const end = await within(patience, this.closed, `close ${code}`);
    assert.equal(end.code, code, `closed ${end.code} ${end.reason}`);
    return end;
  }

  close() {
    this.socket.terminate();
  }
}

/** The status with which an upgrade is refused, or 101. */
const upgrade = (options) => new Promise((done, fail) => {
  const { socket } = new Socket(options);
  socket.once('unexpected-response', (_, answer) => {
    done(answer.statusCode);
    answer.destroy();
  });
  socket.once('open', () => {
    done(101);
    socket.terminate();
  });
  socket.on('error', (error) => { if (!/Unexpected server response|WebSocket was closed/.test(error.message)) fail(error); });
});

const client = (options = {}) => createClient({
  url: socketEndpoint, webSocketImpl: WebSocket, retryAttempts: 0, lazy: true, connectionParams: bearer(clerk), ...options,
});

/** All results of an operation through npm's client. */
async function all(made, query, variables) {
  const results = [];
  for await (const result of made.iterate({ query, variables })) results.push(result);
  return results;
}

await cases('graphql-ws', {
  async 'a query through the client answers once and completes'() {
    const made = client();
    const results = await all(made, '{ viewer { profile } }');
    assert.deepEqual(results.map((result) => result.data), [{ viewer: { profile: 'COLLECTOR' } }]);
    await made.dispose();
  },
  async 'variables and a mutation through the client'() {
    const made = client();
    const text = 'mutation($input: SubmissionWithdrawInput!) { submissionWithdraw(input: $input) { userErrors { code } } }';
    const [{ data }] = await all(made, text, { input: { submissionId: 'none', expectedVersion: 1, reason: '无此件' } });
    assert.deepEqual(data.submissionWithdraw.userErrors, [{ code: 'NOT_FOUND' }]);
    await made.dispose();
  },
  async 'a subscription through the client hears of a change'() {
    const made = client();
    const events = made.iterate({ query: CHANGED });
    const { event: { value }, id } = await recordOnceReady(events);
    assert.deepEqual(value.data.submissionChanged, { kind: 'CHANGED', submission: { id, version: 1 } });
    await events.return();
    await made.dispose();
  },
  async 'another department hears nothing of it, the leadership does'() {
    const [outsider, leader] = await Promise.all([{ role: 'PEOPLES_CONGRESS' }, { role: 'LEADERSHIP', position: 'HEAD' }]
      .map(async (wanted) => client({ connectionParams: bearer(await tokenOf(wanted)) })));
    const heard = [];
    const ended = [];
    outsider.subscribe({ query: CHANGED }, {
      next: (event) => heard.push(event), error: (error) => ended.push(error), complete: () => ended.push('completed'),
    });
    await pause(500);
    await recordOnceReady(leader.iterate({ query: CHANGED }));
    await pause(500);
    assert.deepEqual(ended, []);
    assert.deepEqual(heard.map(({ data }) => data.submissionChanged.kind), ['READY']);
    await Promise.all([outsider.dispose(), leader.dispose()]);
  },
  async 'a document that is not valid is told in `error`, with a code, and the socket lives on'() {
    const socket = await Socket.ready();
    for (const [id, query, code] of [
      ['a', '{ nothingSuch }', 'GRAPHQL_VALIDATION_FAILED'], ['b', '{', 'GRAPHQL_PARSE_FAILED'],
      ['c', `{${'viewer { '.repeat(60)} id ${'}'.repeat(60)} }`, 'QUERY_TOO_COMPLEX'],
    ]) {
      socket.subscribe(id, query);
      const message = await socket.next();
      assert.equal(message.type, 'error', JSON.stringify(message));
      assert.equal(message.id, id);
      assert.equal(message.payload[0].extensions.code, code);
    }
    socket.subscribe('d', '{ viewer { profile } }');
    assert.deepEqual((await socket.next()).payload.data, { viewer: { profile: 'COLLECTOR' } });
    assert.deepEqual(await socket.next(), { id: 'd', type: 'complete' });
    socket.close();
  },
  async 'ping is answered by pong, before and after the acknowledgement'() {
    const socket = await Socket.open();
    socket.send({ type: 'ping' });
    assert.equal((await socket.next()).type, 'pong');
    socket.send({ type: 'connection_init', payload: bearer(clerk) });
    assert.equal((await socket.next()).type, 'connection_ack');
    socket.send({ type: 'ping', payload: { n: 1 } });
    assert.equal((await socket.next()).type, 'pong');
    // A pong that nobody asked for is a sign of life, and no more.
    socket.send({ type: 'pong' });
    socket.send({ type: 'ping' });
    assert.equal((await socket.next()).type, 'pong');
    socket.close();
  },
  async 'the client completes: nothing more comes, and the id is free again'() {
    const socket = await Socket.ready();
    socket.subscribe('1', CHANGED);
    assert.equal((await socket.next()).payload.data.submissionChanged.kind, 'READY');
    socket.send({ id: '1', type: 'complete' });
    await pause(300);
    await record();
    socket.subscribe('1', '{ viewer { profile } }');
    assert.equal((await socket.next()).payload.data.viewer.profile, 'COLLECTOR');
    assert.deepEqual(await socket.next(), { id: '1', type: 'complete' });
    socket.send({ id: 'unknown', type: 'complete' });
    socket.send({ type: 'ping' });
    assert.equal((await socket.next()).type, 'pong');
    socket.close();
  },
  async 'without init the socket is closed with 4408'() {
    await (await Socket.open()).closedWith(4408, LONGEST_INIT);
  },
  async 'subscribing before the acknowledgement closes with 4401'() {
    const socket = await Socket.open();
    socket.subscribe('1', '{ serverTime }');
    await socket.closedWith(4401);
  },
  async 'a token that does not hold closes with 4401 or 4403'() {
    const socket = await Socket.open();
    socket.send({ type: 'connection_init', payload: bearer(`${clerk.slice(0, -4)}AAAA`) });
    const { code } = await within(PATIENCE, socket.closed, 'close');
    assert.ok([4401, 4403].includes(code), `closed ${code}`);
  },
  async 'without a token nothing of a department is told'() {
    const socket = await Socket.open();
    socket.send({ type: 'connection_init' });
    const first = await Promise.race([socket.next().catch(() => ({})), socket.closed]);
    if (first.code) return assert.ok([4401, 4403].includes(first.code));
    assert.equal(first.type, 'connection_ack');
    socket.subscribe('1', CHANGED);
    const { type, payload } = await socket.next();
    const error = type === 'error' ? payload[0] : payload.errors[0];
    assert.equal(error.extensions.code, 'UNAUTHENTICATED');
    return socket.close();
  },
  async 'a second init closes with 4429'() {
    const socket = await Socket.ready();
    socket.send({ type: 'connection_init', payload: bearer(clerk) });
    await socket.closedWith(4429);
  },
  async 'an id that is in use closes with 4409'() {
    const socket = await Socket.ready();
    socket.subscribe('same', CHANGED);
    socket.subscribe('same', CHANGED);
    const { reason } = await socket.closedWith(4409);
    assert.match(reason, /same/);
  },
  async 'what is no message closes with 4400'() {
    for (const message of ['no JSON', '[]', '{"type":"nothing"}', '{"id":"1","type":"subscribe"}', '{"id":1,"type":"subscribe","payload":{"query":"{ serverTime }"}}', '{"type":"subscribe","payload":{"query":"{ serverTime }"}}']) {
      const socket = await Socket.ready();
      socket.send(message);
      await socket.closedWith(4400);
    }
  },
  async 'a token that ends closes with 4403, and nothing comes after it'() {
    const socket = await Socket.ready(bearer(endingIn(5, clerk)));
    socket.subscribe('1', CHANGED);
    assert.equal((await socket.next()).payload.data.submissionChanged.kind, 'READY');
    await socket.closedWith(4403, 10_000);
    await record();
    assert.ok(socket.inbox.every((message) => message.type !== 'next'));
  },
  async 'a page of another site is refused at the upgrade, our own and programs are not'() {
    assert.equal(await upgrade({ origin: 'https://elsewhere.example' }), 403);
    assert.equal(await upgrade({ origin: 'null' }), 403);
    assert.equal(await upgrade({ origin: address }), 101);
    assert.equal(await upgrade({}), 101);
  },
  async 'another subprotocol is refused'() {
    const socket = new Socket({ protocol: 'graphql-ws' });
    socket.socket.on('error', () => {});
    const { code } = await within(PATIENCE, socket.closed, 'close');
    // 4406 as the protocol has it; 1006 when the upgrade itself was refused or no subprotocol was agreed on.
    assert.ok([4406, 1006].includes(code), `closed ${code}`);
  },
});
