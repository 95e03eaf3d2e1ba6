// Our own page: document, variables, result.
import { element, headers, send, startSession } from './session.js';
import { onLanguage, word } from './words.js';

const SAMPLES = {
  viewer: ['{\n  viewer {\n    name\n    profile\n    department {\n      name\n    }\n    operations\n  }\n}'],
  queue: ['query Queue($filter: SubmissionFilter, $first: Int = 5) {\n  queueCounts {\n    queue\n    count\n  }\n  submissions(filter: $filter, first: $first) {\n    totalCount\n    nodes {\n      number\n      title\n      stage\n      receivedAt\n    }\n  }\n}', { filter: { queue: 'COLLECTED' } }],
  search: ['query Search($text: String!) {\n  submissions(first: 5, filter: { text: $text }) {\n    totalCount\n    edges {\n      highlights {\n        before\n        hit\n        after\n      }\n      node {\n        number\n        title\n      }\n    }\n  }\n}', { text: '路灯' }],
  overview: ['{\n  overview {\n    asOf\n    total {\n      received\n      open\n      ended\n    }\n    rows(by: [DEPARTMENT]) {\n      keys {\n        label\n      }\n      figures {\n        received\n        open\n      }\n    }\n  }\n}'],
  campaigns: ['{\n  campaigns {\n    code\n    name\n    isOpen\n    categories {\n      code\n      name\n    }\n  }\n}'],
  receipt: ['query Receipt($code: String!) {\n  receipt(code: $code) {\n    number\n    title\n    stage\n    receivedAt\n  }\n}', { code: 'XXXX-XXXX-XXXX-XXXX' }],
};

const byId = (id) => document.getElementById(id);
const [text, variables, result, status, samples, button, schema] =
  ['document', 'variables', 'result', 'status', 'samples', 'run', 'schema'].map(byId);

await startSession(() => {});
chooseSample('viewer');
onLanguage(nameSamples);
onLanguage(() => result.classList.contains('empty') && (result.textContent = word('empty')));
samples.addEventListener('change', () => chooseSample(samples.value));
button.addEventListener('click', run);
schema.addEventListener('click', showSchema);
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run();
});

function nameSamples() {
  const chosen = samples.value || 'viewer';
  samples.replaceChildren(...Object.keys(SAMPLES).map((name) => element('option', { value: name, textContent: word(name) })));
  samples.value = chosen;
}

function chooseSample(name) {
  const [document, values = {}] = SAMPLES[name];
  text.value = document;
  variables.value = JSON.stringify(values, null, 2);
  result.replaceChildren(word('empty'));
  result.classList.add('empty');
  status.textContent = '';
}

async function run() {
  const values = variablesNow();
  if (values === undefined) return tell('error', word('badVariables'));
  tell('', word('busy'));
  const { status: code, body, text: plain, took } = await send({ query: text.value, variables: values });
  const wrong = code !== 200 || body?.errors;
  tell(wrong ? 'error' : 'good', `${code || ''} · ${Math.round(took)} ${word('ms')}`);
  result.classList.remove('empty');
  result.replaceChildren(...(body ? coloured(JSON.stringify(body, null, 2)) : [plain]));
  result.scrollTop = 0;
}

/** A link carries no token, and a server may tell its schema to whoever is signed in alone. */
async function showSchema(event) {
  event.preventDefault();
  tell('', word('busy'));
  const answer = await fetch(schema.href, { headers: await headers(), credentials: 'omit' }).catch(() => null);
  tell(answer?.ok ? 'good' : 'error', `${answer?.status ?? ''}`);
  result.classList.remove('empty');
  result.replaceChildren(answer ? await answer.text() : word('unreachable'));
  result.scrollTop = 0;
}

/** The variables, or undefined when they are no object. */
function variablesNow() {
  try {
    const values = JSON.parse(variables.value.trim() || '{}');
    return values !== null && typeof values === 'object' && !Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function tell(kind, message) {
  status.className = kind;
  status.textContent = message;
}

/** JSON as nodes: keys, texts and other values each in their colour; what came from the server stays text. */
function coloured(json) {
  const parts = json.split(/("(?:\\.|[^"\\])*"(?:\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)/);
  return parts.map((part, index) => {
    if (index % 2 === 0) return part;
    const kind = part.endsWith(':') ? 'key' : part.startsWith('"') ? 'text' : 'value';
    return element('span', { className: kind, textContent: part });
  });
}
