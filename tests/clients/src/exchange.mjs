// A token that ends while it is in use: urql's `authExchange` and Apollo's links for errors and headers renew it and send the
// operation again, as their documentation says. Both attach the old token to the renewal. The server's tokens live for a
// second (`MINSHENG_ACCESS_TOKEN_SECONDS=1`), and are believed for another.
import assert from 'node:assert/strict';
import { ApolloClient, ApolloLink, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { Client, fetchExchange } from '@urql/core';
import { authExchange } from '@urql/exchange-auth';
import { from, mergeMap } from 'rxjs';
import { account, ask, endpoint } from './server.mjs';

const OVER = 3_000;
const ROUNDS = 3;
const LOGIN = 'mutation($input: SessionLoginInput!) { sessionLogin(input: $input) { accessToken refreshToken } }';
const REFRESH = 'mutation Refresh($input: SessionRefreshInput!) { sessionRefresh(input: $input) { accessToken refreshToken userErrors { code } } }';
const VIEWER = 'query Viewer { viewer { name department { code } } serverTime }';

const clerk = account({ role: 'TOWNSHIP', position: 'OFFICER' });

for (const [name, client] of [['urql', urql], ['apollo', apollo]]) {
  const { data } = await ask(LOGIN, { input: { account: clerk.account, password: clerk.password } });
  const session = { ...data.sessionLogin, renewals: 0 };
  const viewer = client(session);
  for (let round = 0; round < ROUNDS; round += 1) {
    const [first, second] = await Promise.all([viewer(), viewer()]);
    assert.ok(first.name && second.name, `${name}: nobody is signed in any more`);
    assert.deepEqual(first, second);
    await new Promise((done) => setTimeout(done, OVER));
  }
  assert.ok((await viewer()).name);
  assert.ok(session.renewals >= ROUNDS, `${name}: ${session.renewals} renewals`);
  console.log(`${name}: ${session.renewals} renewals with a token that was over, signed in all the time`);
}

/** Keeps the next pair; a refusal would sign the user out. */
function keep(session, payload) {
  assert.deepEqual(payload?.userErrors, [], JSON.stringify(payload));
  Object.assign(session, { accessToken: payload.accessToken, refreshToken: payload.refreshToken });
  session.renewals += 1;
}

function urql(session) {
  const auth = authExchange(async (utils) => ({
    addAuthToOperation: (operation) => utils.appendHeaders(operation, { authorization: `Bearer ${session.accessToken}` }),
    didAuthError: (error) => error.graphQLErrors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED'),
    async refreshAuth() {
      const { data, error } = await utils.mutate(REFRESH, { input: { refreshToken: session.refreshToken } });
      assert.equal(error, undefined);
      keep(session, data.sessionRefresh);
    },
  }));
  const client = new Client({ url: endpoint, exchanges: [auth, fetchExchange], preferGetMethod: false });
  return async () => {
    const { data, error } = await client.query(VIEWER, {}, { requestPolicy: 'network-only' }).toPromise();
    assert.equal(error, undefined);
    return data.viewer;
  };
}

function apollo(session) {
  const unauthenticated = (error) =>
    CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.code === 'UNAUTHENTICATED');
  let renewing = null;
  const renew = () => {
    const input = { refreshToken: session.refreshToken };
    renewing ??= client
      .mutate({ mutation: gql(REFRESH), variables: { input } })
      .then(({ data }) => keep(session, data.sessionRefresh))
      .finally(() => { renewing = null; });
    return renewing;
  };
  const client = new ApolloClient({
    cache: new InMemoryCache(),
    link: ApolloLink.from([
      new ErrorLink(({ error, operation, forward }) =>
        (unauthenticated(error) ? from(renew()).pipe(mergeMap(() => forward(operation))) : undefined)),
      new SetContextLink(({ headers }) => ({ headers: { ...headers, authorization: `Bearer ${session.accessToken}` } })),
      new HttpLink({ uri: endpoint }),
    ]),
  });
  return async () => {
    const { data } = await client.query({ query: gql(VIEWER), fetchPolicy: 'network-only' });
    const { name, department } = data.viewer;
    return { name, department };
  };
}
