// The server under test, and who may sign in to it: both come from the environment.
import { readFileSync } from 'node:fs';

/** Where the server answers, e.g. `http://127.0.0.1:8080`. */
export const address = required('MINSHENG_TEST_ADDRESS').replace(/\/$/, '');
/** Its one endpoint. */
export const endpoint = `${address}/graphql`;
/** The same endpoint for sockets. */
export const socketEndpoint = endpoint.replace(/^http/, 'ws');

/** Who may sign in. */
export const accounts = JSON.parse(readFileSync(required('MINSHENG_TEST_ACCOUNTS'), 'utf8'));
const portals = JSON.parse(readFileSync(required('MINSHENG_TEST_PORTALS'), 'utf8'));

/** The county whose campaign is still open: people may submit to it today. */
export const COUNTY = '341522';

/** The first demo account with all of these properties, e.g. `{ role: 'TOWNSHIP', position: 'HEAD' }`. */
export function account(wanted) {
  const all = { county: COUNTY, ...wanted };
  const found = accounts.find((line) => Object.entries(all).every(([key, value]) => line[key] === value));
  if (!found) throw new Error(`no demo account has ${JSON.stringify(all)}`);
  return found;
}

/** The open county's portal: its campaign, channel and token. */
export const portal = portals.find((line) => line.county === COUNTY);

/** One request as a client sends it; the answer's body, whatever its status. */
export async function ask(query, variables = {}, token = undefined) {
  const headers = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  return answer.json();
}

const LOGIN = `mutation($input: SessionLoginInput!) {
  sessionLogin(input: $input) { accessToken userErrors { code message } }
}`;
const tokens = new Map();

/** An access token of the account; one sign-in each, since wrong and right sign-ins are both counted. */
export async function tokenOf(wanted) {
  const { account: login, password } = account(wanted);
  if (!tokens.has(login)) tokens.set(login, signIn(login, password));
  return tokens.get(login);
}

/** Waits where the server says so, as on a machine on which many sign in at once. */
async function signIn(account, password, tries = 10) {
  const { data, errors } = await ask(LOGIN, { input: { account, password } });
  const token = data?.sessionLogin?.accessToken;
  const wait = errors?.[0]?.extensions?.retryAfter;
  if (wait && tries > 1) {
    await new Promise((done) => setTimeout(done, wait * 1_000));
    return signIn(account, password, tries - 1);
  }
  if (!token) throw new Error(`${account} can't sign in: ${JSON.stringify({ data, errors })}`);
  return token;
}

/** What a clerk's form must hold: a channel that the clerk may use, and the stream's own questions answered. */
export function formOf({ campaign, fields }) {
  const channel = campaign.channels.find((each) => !each.owner) ?? campaign.channels[0];
  const answer = { BOOLEAN: () => 'true', CHOICE: ([first]) => first, DATE: () => '2022-03-01', NUMBER: () => '1', TEXT: () => '测试' };
  const extra = fields.filter((field) => field.required)
    .map(({ key, kind, choices }) => ({ key, value: answer[kind](choices) }));
  return { channelId: channel.id, extra };
}

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; tests/clients/run sets it`);
  return value;
}
