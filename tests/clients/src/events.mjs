// What the two transports of events share: the subscription, and something that happens.
import assert from 'node:assert/strict';
import { ask, formOf, tokenOf } from './server.mjs';

export const CHANGED = 'subscription { submissionChanged { kind submission { id version } } }';
export const CLERK = { role: 'TOWNSHIP', position: 'OFFICER' };

const FORM = '{ streams { fields { key kind choices required } campaign { channels { id owner { id } } } } }';
const RECORD = `mutation($input: SubmissionRecordInput!) {
  submissionRecord(input: $input) { submission { id } userErrors { message } }
}`;

/** Enters a suggestion as the clerk, and gives its id. */
export async function record() {
  const token = await tokenOf(CLERK);
  const form = await ask(FORM, {}, token);
  const idempotencyKey = `event-${Date.now()}-${Math.random()}`;
  const { data, errors } = await ask(RECORD, {
    input: { idempotencyKey, title: '实时通知', content: '窗口排队时间太长。', ...formOf(form.data.streams[0]) },
  }, token);
  assert.deepEqual(data?.submissionRecord?.userErrors, [], JSON.stringify(errors));
  return data.submissionRecord.submission.id;
}

/** Waits for READY, enters one suggestion, and gives it with the event that follows. */
export async function recordOnceReady(events, patience = 20_000) {
  const ready = await within(patience, events.next(), 'READY');
  const [told] = Object.values(ready.value.data ?? {});
  assert.equal(told?.kind, 'READY', JSON.stringify(ready.value));
  const heard = events.next();
  const id = await record();
  return { event: await within(patience, heard, 'event'), id };
}

/** Waits for a promise, but not for ever. */
export async function within(milliseconds, promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

export const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Runs the cases one after the other and names every one that fails. */
export async function cases(title, all) {
  let failed = 0;
  for (const [name, run] of Object.entries(all)) {
    try {
      await within(30_000, run(), name);
    } catch (error) {
      failed += 1;
      console.error(`${title}: ${name}: ${error.message}`);
    }
  }
  const count = Object.keys(all).length;
  console.log(`${title}: ${count - failed} of ${count} cases`);
  process.exit(failed === 0 ? 0 : 1);
}
