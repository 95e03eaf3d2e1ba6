// What the two transports of events share: the subscription, and something that happens.
import assert from 'node:assert/strict';
import { ask, formOf, tokenOf } from './server.mjs';

export const CHANGED = 'subscription { submissionChanged { id version } }';
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

/** Enters suggestions until `heard` resolves, since nothing tells when a subscription has begun; gives the event. */
export async function recordUntil(heard, patience = 20_000) {
  const ids = new Set();
  const end = Date.now() + patience;
  let event;
  heard.then((value) => { event = value; }, () => {});
  while (event === undefined && Date.now() < end) {
    ids.add(await record());
    await Promise.race([heard, pause(1_000)]);
  }
  return { event: await within(1, heard, 'event'), ids };
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
