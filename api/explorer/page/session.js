// The bar of both pages: language, who is signed in, and the token that requests carry. Tokens live in this page's
// memory alone; closing it signs nobody else in.
import { fillWords, languageTag, onLanguage, switchLanguage, word } from './words.js';

const MARGIN = 30_000; // renewed this long before its end, so that no request carries a token that ends on the way

let session = null; // { accessToken, refreshToken, ends, viewer }
let told = () => {};

/** Sends a request as whoever is signed in. */
export async function send(body) {
  await renewIfNeeded();
  return post(body, session?.accessToken);
}

/** Headers of a request as whoever is signed in. */
export async function headers() {
  await renewIfNeeded();
  return headersWith(session?.accessToken);
}

/** Builds the bar; `changed` is called when somebody has signed in or out. */
export async function startSession(changed) {
  told = changed;
  const bar = document.getElementById('bar');
  bar.append(brand(), languageButton());
  onLanguage(() => fillWords());
  bar.lastChild.before(await signInForm(await demoAccounts()));
  fillWords(bar);
}

function brand() {
  const brand = element('div', { className: 'brand' });
  const title = element('strong');
  title.dataset.word = 'title';
  const subtitle = element('span');
  subtitle.dataset.word = 'subtitle';
  brand.append(title, subtitle);
  return brand;
}

function languageButton() {
  const button = element('button', { type: 'button', id: 'language', className: 'quiet' });
  button.dataset.word = 'other';
  button.addEventListener('click', switchLanguage);
  return button;
}

/** Only a demonstration on this machine hands its accounts out; elsewhere one types name and password. */
async function demoAccounts() {
  const answer = await fetch('/explorer/accounts.json').catch(() => null);
  return answer?.ok ? answer.json() : null;
}

async function signInForm(accounts) {
  const form = element('form', { id: 'session' });
  const who = element('output', { id: 'who' });
  const out = element('button', { type: 'button', id: 'sign-out', className: 'quiet' });
  out.dataset.word = 'signOut';
  const fields = element('span', { className: 'fields' });
  const read = accounts ? picker(fields, accounts, () => form.requestSubmit()) : typed(fields);
  form.append(fields, who, out);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const credentials = read();
    if (credentials) await signIn(credentials, who);
    show();
  });
  out.addEventListener('click', async () => {
    await signOut();
    form.reset();
    who.className = '';
    show();
    told();
  });
  const show = () => {
    out.hidden = session === null;
    if (session) who.textContent = described(session.viewer);
    else if (who.className !== 'error') who.textContent = word('guest');
  };
  onLanguage(show);
  return form;
}

function picker(fields, accounts, chosen) {
  const select = element('select', { id: 'account' });
  const none = element('option', { value: '' });
  none.dataset.word = 'choose';
  select.append(none);
  for (const [county, members] of groupedBy(accounts, 'county')) {
    const group = element('optgroup', { label: county });
    for (const each of members) {
      const option = element('option', { value: each.account });
      onLanguage(() => { option.textContent = `${each.department} · ${word(each.position)} · ${each.role}`; });
      group.append(option);
    }
    select.append(group);
  }
  select.addEventListener('change', () => select.value && chosen());
  fields.append(labelled('account', select));
  return () => {
    const found = accounts.find((each) => each.account === select.value);
    return found && { account: found.account, password: found.password };
  };
}

function typed(fields) {
  const login = element('input', { id: 'login', autocomplete: 'username', required: true, size: 18 });
  const password = element('input', { id: 'password', type: 'password', autocomplete: 'current-password', required: true, size: 18 });
  const button = element('button', { type: 'submit', className: 'primary' });
  button.dataset.word = 'signIn';
  fields.append(labelled('login', login), labelled('password', password), button);
  return () => {
    const credentials = { account: login.value, password: password.value };
    password.value = '';
    return credentials;
  };
}

function labelled(name, field) {
  const label = element('label', { className: 'inline' });
  const text = element('span');
  text.dataset.word = name;
  label.append(text, field);
  return label;
}

const TOKENS = 'accessToken accessExpiresAt refreshToken viewer { name profile department { name } post { position } } userErrors { message }';

async function signIn(input, who) {
  const query = `mutation($input: SessionLoginInput!) { sessionLogin(input: $input) { ${TOKENS} } }`;
  const { body } = await post({ query, variables: { input } });
  const payload = body?.data?.sessionLogin;
  session = payload?.accessToken ? kept(payload) : null;
  who.className = session ? 'in' : 'error';
  if (!session) {
    who.textContent = payload?.userErrors[0]?.message ?? body?.errors?.[0]?.message ?? word('failed');
  }
  told();
}

async function signOut() {
  const ended = session;
  session = null;
  if (!ended) return;
  const query = 'mutation($input: SessionLogoutInput!) { sessionLogout(input: $input) { userErrors { code } } }';
  await post({ query, variables: { input: { refreshToken: ended.refreshToken } } });
}

let renewing = null;

/** One renewal at a time: a refresh token is good once. */
function renewIfNeeded() {
  if (!session || session.ends - Date.now() > MARGIN) return undefined;
  renewing ??= renew().finally(() => { renewing = null; });
  return renewing;
}

async function renew() {
  const query = `mutation($input: SessionRefreshInput!) { sessionRefresh(input: $input) { ${TOKENS} } }`;
  const { body } = await post({ query, variables: { input: { refreshToken: session.refreshToken } } });
  const payload = body?.data?.sessionRefresh;
  if (payload?.accessToken) session = kept(payload);
}

const kept = ({ accessToken, accessExpiresAt, refreshToken, viewer }) => ({
  accessToken, refreshToken, viewer, ends: Date.parse(accessExpiresAt),
});

const described = (viewer) => [viewer.department?.name, viewer.name, viewer.profile].filter(Boolean).join(' · ');

async function post(body, token) {
  const begin = performance.now();
  try {
    const answer = await fetch('/graphql', {
      method: 'POST', headers: headersWith(token), body: JSON.stringify(body), credentials: 'omit',
    });
    const text = await answer.text();
    return { status: answer.status, body: parsed(text), text, took: performance.now() - begin };
  } catch {
    return { status: 0, body: null, text: word('unreachable'), took: performance.now() - begin };
  }
}

function headersWith(token) {
  const all = {
    'content-type': 'application/json',
    accept: 'application/graphql-response+json, application/json',
    'accept-language': languageTag(),
  };
  if (token) all.authorization = `Bearer ${token}`;
  return all;
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function groupedBy(items, key) {
  const groups = new Map();
  for (const item of items) groups.set(item[key], [...(groups.get(item[key]) ?? []), item]);
  return groups;
}

/** An element with properties. */
export function element(name, properties = {}) {
  return Object.assign(document.createElement(name), properties);
}
