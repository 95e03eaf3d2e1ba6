// graphql-sse in its distinct connections mode: npm's client, and what it must not be told.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import { CHANGED, CLERK, cases, pause, recordOnceReady, within } from './events.mjs';
import { endpoint, tokenOf } from './server.mjs';
import { endingIn } from './tokens.mjs';

const PATIENCE = 5_000;
const clerk = await tokenOf(CLERK);

const client = (token = clerk) => createClient({
  url: endpoint, singleConnection: false, retryAttempts: 0, headers: token ? { authorization: `Bearer ${token}` } : {},
});

async function all(query, variables) {
  const results = [];
  for await (const result of client().iterate({ query, variables })) results.push(result);
  return results;
}

/** A bare request for a stream. */
const stream = (query, { token = clerk, signal } = {}) => fetch(endpoint, {
  method: 'POST',
  signal,
  headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
  body: JSON.stringify({ query }),
});

await cases('graphql-sse', {
  async 'a query answers once and completes'() {
    const results = await all('{ viewer { profile } }');
    assert.deepEqual(results.map((result) => result.data), [{ viewer: { profile: 'COLLECTOR' } }]);
  },
  async 'variables and a mutation'() {
    const text = 'mutation($input: SubmissionWithdrawInput!) { submissionWithdraw(input: $input) { userErrors { code } } }';
    const [{ data }] = await all(text, { input: { submissionId: 'none', expectedVersion: 1, reason: '无此件' } });
    assert.deepEqual(data.submissionWithdraw.userErrors, [{ code: 'NOT_FOUND' }]);
  },
  async 'a subscription hears of a change and ends when the client lets go'() {
    const events = client().iterate({ query: CHANGED });
    const { event: { value }, id } = await recordOnceReady(events);
    assert.deepEqual(value.data.submissionChanged, { kind: 'CHANGED', submission: { id, version: 1 } });
    assert.equal((await within(PATIENCE, events.return(), 'return')).done, true);
  },
  async 'another department hears nothing of it, the leadership does'() {
    const outsider = client(await tokenOf({ role: 'PEOPLES_CONGRESS' }));
    const leader = client(await tokenOf({ role: 'LEADERSHIP', position: 'HEAD' }));
    const heard = [];
    const ended = [];
    const end = outsider.subscribe({ query: CHANGED }, {
      next: (event) => heard.push(event), error: (error) => ended.push(error), complete: () => ended.push('completed'),
    });
    const events = leader.iterate({ query: CHANGED });
    await pause(500);
    await recordOnceReady(events);
    await pause(500);
    assert.deepEqual(ended, []);
    assert.deepEqual(heard.map(({ data }) => data.submissionChanged.kind), ['READY']);
    end();
    await events.return();
  },
  async 'a stream is told as one, with `next` and `complete`'() {
    const answer = await stream('{ serverTime }');
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type'), /^text\/event-stream/);
    assert.match(answer.headers.get('cache-control'), /no-cache|no-store/);
    const text = await answer.text();
    assert.match(text, /^event: ?next\ndata: ?\{"data":\{"serverTime":/m);
    assert.match(text, /event: ?complete\n/);
  },
  async 'a document that is not valid is told with its code'() {
    const answer = await stream('{ nothingSuch }');
    const text = await answer.text();
    assert.match(text, /GRAPHQL_VALIDATION_FAILED/);
    const results = answer.status === 200 ? await all('{ nothingSuch }') : [];
    for (const result of results) assert.equal(result.errors[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  },
  async 'a subscription without a token is refused with its code'() {
    const text = await (await stream(CHANGED, { token: null })).text();
    assert.match(text, /UNAUTHENTICATED/);
  },
  async 'a token that ends ends the stream'() {
    const answer = await stream(CHANGED, { token: endingIn(5, clerk) });
    assert.equal(answer.status, 200);
    await within(10_000, answer.text().catch(() => ''), 'end');
  },
});
