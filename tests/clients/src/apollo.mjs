// Apollo Client's cache: every entity is kept once, under `__typename:id`, so that the answer to a mutation changes the
// lists that show it without a second request.
import assert from 'node:assert/strict';
import { ApolloClient, HttpLink, InMemoryCache } from '@apollo/client';
import { document } from './documents.mjs';
import { endpoint, tokenOf } from './server.mjs';

const clerk = await tokenOf({ role: 'TOWNSHIP', position: 'OFFICER' });
const client = new ApolloClient({
  cache: new InMemoryCache({ possibleTypes: {} }),
  link: new HttpLink({ uri: endpoint, headers: { authorization: `Bearer ${clerk}` } }),
});

// Pages of a queue are appended with Apollo's own Relay policy in portals; here one page is enough.
const queue = { query: document('Queue'), variables: { filter: { queue: 'TO_CLASSIFY' }, first: 5 } };
const first = await client.query(queue);
const [{ node }] = first.data.submissions.edges;
const page = await client.query({ query: document('SubmissionPage'), variables: { id: node.id } });
assert.equal(page.data.node.id, node.id);

const key = (entity) => `${entity.__typename}:${entity.id}`;
const entities = client.cache.extract();
assert.equal(key(node), `Submission:${node.id}`);
assert.equal(entities[key(node)].title, node.title);
assert.equal(entities[key(node)].content, page.data.node.content, 'list and page are one entity');
for (const [name, entity] of Object.entries(entities)) {
  if (name !== 'ROOT_QUERY' && name !== '__META') assert.equal(name, key(entity));
}
const kinds = new Set(Object.keys(entities).map((name) => name.split(':')[0]));
for (const kind of ['Submission', 'Department', 'Channel', 'Campaign', 'Record']) assert.ok(kinds.has(kind), kind);
assertNothingEmbedded(entities);

const seen = [];
const watching = client.watchQuery({ ...queue, fetchPolicy: 'cache-only' });
const subscription = watching.subscribe(({ data }) => {
  if (data?.submissions) seen.push(data.submissions.edges.find((edge) => edge.node.id === node.id).node);
});
const urgency = node.urgency === 'URGENT' ? 'CRITICAL' : 'URGENT';
const { data } = await client.mutate({
  mutation: document('Edit'),
  variables: { input: { submissionId: node.id, expectedVersion: node.version, urgency } },
});
assert.deepEqual(data.submissionEdit.userErrors, []);
for (let turn = 0; turn < 100 && seen.at(-1)?.urgency !== urgency; turn += 1) await new Promise((done) => setTimeout(done, 20));
subscription.unsubscribe();
assert.equal(seen.at(-1).urgency, urgency, 'the list follows the mutation');
assert.equal(seen.at(-1).version, data.submissionEdit.submission.version);
client.stop();
console.log(`apollo: ${Object.keys(entities).length - 1} entities, each by type and id; a list followed a mutation`);

/** An object with an id that is kept inside another would be a copy which no update reaches. */
function assertNothingEmbedded(all) {
  const look = (value) => {
    if (Array.isArray(value)) return value.forEach(look);
    if (value === null || typeof value !== 'object') return undefined;
    assert.ok(!('id' in value && '__typename' in value), JSON.stringify(value));
    return Object.values(value).forEach(look);
  };
  Object.values(all).forEach((entity) => Object.values(entity).forEach(look));
}
