// What the two transports of events share: the subscription, and something that happens.
import assert from 'node:assert/strict';
import { ask, tokenOf } from './server.mjs';

export const CHANGED = 'subscription { submissionChanged { id version } }';
export const CLERK = { role: 'TOWNSHIP', position: 'OFFICER' };

/** Enters a suggestion as the clerk, and gives its id. */
export async function record(title = '实时通知') {
  const token = await tokenOf(CLERK);
  const form = await ask('{ streams { fields { key kind choices required } campaign { channels { id owner { id } } } } }', {}, token);
  const [stream] = form.data.streams;
  const channel = stream.campaign.channels.find((each) => !each.owner) ?? stream.campaign.channels[0];
  const extra = stream.fields.filter((field) => field.required).map(({ key, kind, choices }) => ({
    key, value: { BOOLEAN: 'true', CHOICE: choices[0], DATE: '2022-03-01', NUMBER: '1', TEXT: '测试' }[kind],
  }));
  const text = 'mutation($input: SubmissionRecordInput!) { submissionRecord(input: $input) { submission { id version } userErrors { message } } }';
  const { data, errors } = await ask(text, {
    input: { idempotencyKey: `event-${Date.now()}-${Math.random()}`, channelId: channel.id, title, content: title, extra },
  }, token);
  assert.deepEqual(data?.submissionRecord?.userErrors, [], JSON.stringify(errors));
  return data.submissionRecord.submission.id;
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
