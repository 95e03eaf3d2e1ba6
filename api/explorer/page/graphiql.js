// GraphiQL under the same bar: its requests carry the token of whoever is signed in there.
import { headers, startSession } from './session.js';
import { languageTag } from './words.js';

const { React, ReactDOM, GraphiQL } = globalThis;
const root = ReactDOM.createRoot(document.getElementById('graphiql'));
const WELCOME = `# 先在上方登录，再按 Ctrl-Enter 执行。
# Sign in above, then run with Ctrl-Enter.

query Queue {
  viewer {
    name
    profile
  }
  queueCounts {
    queue
    count
  }
  submissions(first: 5) {
    totalCount
    nodes {
      number
      title
      stage
      receivedAt
    }
  }
}
`;

/** Asked anew before each request, for a token ends after minutes. */
async function fetcher(request, options = {}) {
  const send = GraphiQL.createFetcher({
    url: '/graphql',
    subscriptionUrl: `${location.origin.replace(/^http/, 'ws')}/graphql`,
    headers: await headers(),
    wsConnectionParams: { authorization: (await headers()).authorization, 'accept-language': languageTag() },
  });
  return send(request, options);
}

let visit = 0;
/** A new key starts it anew, so that it reads the schema as whoever is signed in now. Its tabs it keeps by itself. */
function render() {
  visit += 1;
  root.render(React.createElement(GraphiQL, { key: visit, fetcher, defaultQuery: WELCOME, defaultEditorToolsVisibility: true }));
}

await startSession(render);
render();
