// GraphQL over HTTP: the audits of npm's `graphql-http`. Nothing may fail, not even an optional one.
import { serverAudits } from 'graphql-http';
import { endpoint } from './server.mjs';

const EXPECTED = 61;

const audits = serverAudits({ url: endpoint, fetchFn: fetch });
let passed = 0;
for (const audit of audits) {
  const result = await audit.fn();
  if (result.status === 'ok') passed += 1;
  else console.error(`${result.status}  ${audit.id}  ${audit.name}: ${result.reason}`);
  // An unread body keeps its socket.
  await result.response?.body?.cancel().catch(() => {});
}
console.log(`graphql-http: ${passed} of ${audits.length} audits`);
if (passed !== audits.length || passed !== EXPECTED) process.exit(1);
