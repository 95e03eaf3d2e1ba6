// Both pages of /explorer in headless Chromium, with every request to another host refused and counted, and every
// breach of the content security policy and error of a script a failure. MINSHENG_TEST_PICTURES names a folder for
// pictures of what was seen.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { account, address } from './server.mjs';

const pictures = process.env.MINSHENG_TEST_PICTURES;
const browser = await chromium.launch({
  executablePath: process.env.MINSHENG_TEST_BROWSER,
  // The sandbox needs rights that root and containers lack; the only pages opened are our own.
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

const PATIENCE = 30_000; // other tests may have the machine meanwhile
const DESK = { width: 1360, height: 820 };
const TELEPHONE = { width: 390, height: 844 };
let seen = 0;

/** Opens a page with nothing but our server in reach, and checks afterwards that nothing else was wanted. */
async function visit(path, { locale, viewport = DESK, colorScheme = 'light' }, look) {
  const context = await browser.newContext({ locale, viewport, colorScheme });
  const wrong = [];
  await context.route('**/*', (route) => {
    const url = route.request().url();
    if (url.startsWith(`${address}/`) || url.startsWith('data:')) return route.continue();
    wrong.push(`asked for ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE);
  page.on('console', (line) => {
    if (line.type() === 'error' && !expected(line)) wrong.push(line.text());
  });
  page.on('pageerror', (error) => wrong.push(String(error)));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
  });
  const answer = await page.goto(address + path, { waitUntil: 'load' });
  assert.equal(answer.status(), 200);
  const policy = answer.headers()['content-security-policy'];
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe/);
  try {
    await page.waitForSelector('#who:not(:empty)');
    await look(page);
  } finally {
    const name = `${String(seen).padStart(2, '0')}-${path.split('/').at(-1)}-${locale}.png`;
    if (pictures) await page.screenshot({ path: join(pictures, name) });
  }
  seen += 1;
  assert.deepEqual(wrong, [], `${path} ${locale}`);
  await context.close();
}

/** A refused request is part of the trial; the browser reports each as an error of its own. */
const expected = (line) => /status of 4\d\d/.test(line.text()) && line.location().url.endsWith('/graphql');

async function signIn(page, wanted) {
  const { account: login } = account(wanted);
  await page.selectOption('#account', login);
  await page.waitForFunction(() => document.querySelector('#who').className === 'in');
  return page.textContent('#who');
}

const run = async (page) => {
  await page.click('#run');
  await page.waitForSelector('#status.good, #status.error');
};
const result = async (page) => JSON.parse(await page.textContent('#result'));

await visit('/explorer/simple', { locale: 'zh-CN' }, async (page) => {
  assert.equal(await page.textContent('#who'), '未登录');
  await run(page);
  assert.deepEqual(await result(page), { data: { viewer: null } });
  await signIn(page, { role: 'TOWNSHIP', position: 'HEAD' });
  await page.selectOption('#samples', 'queue');
  await run(page);
  const { data } = await result(page);
  assert.ok(data.submissions.nodes.length > 0);
  assert.ok(await page.locator('#result .key').count() > 5);
});

await visit('/explorer/simple', { locale: 'en-GB', colorScheme: 'dark' }, async (page) => {
  assert.match(await page.textContent('#run'), /^Run/);
  await signIn(page, { role: 'LEADERSHIP', position: 'HEAD' });
  await page.selectOption('#samples', 'overview');
  await page.keyboard.press('Control+Enter');
  await page.waitForSelector('#status.good');
  assert.ok((await result(page)).data.overview.rows.length > 3);
});

await visit('/explorer/simple', { locale: 'en-GB', viewport: TELEPHONE }, async (page) => {
  await page.fill('#variables', '[1]');
  await run(page);
  assert.match(await page.textContent('#status'), /no JSON object/);
  await page.fill('#variables', '');
  await page.fill('#document', '{ nothingSuch }');
  await run(page);
  const english = (await result(page)).errors[0];
  assert.equal(english.extensions.code, 'GRAPHQL_VALIDATION_FAILED');
  await page.click('#language');
  await run(page);
  assert.match((await result(page)).errors[0].message, /[\u4e00-\u9fff]/, 'the server speaks the language of the page');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  assert.ok(!wide, 'nothing sticks out sideways');
});

await visit('/explorer/simple', { locale: 'zh-CN' }, async (page) => {
  await signIn(page, { role: 'TOWNSHIP', position: 'OFFICER' });
  await page.click('#sign-out');
  await page.waitForFunction(() => document.querySelector('#who').textContent === '未登录');
  await run(page);
  assert.deepEqual(await result(page), { data: { viewer: null } });
});

const bundled = (await (await fetch(`${address}/explorer`)).text()).includes('graphiql');
if (bundled) await visit('/explorer', { locale: 'zh-CN' }, graphiql);
else await visit('/explorer', { locale: 'zh-CN' }, (page) => page.waitForSelector('#run'));

function isSchemaAsSomebody(request) {
  return 'authorization' in request.headers() && (request.postData() ?? '').includes('IntrospectionQuery');
}

async function graphiql(page) {
  await page.waitForSelector('.graphiql-container');
  // It starts anew for whoever signs in, and reads the schema as them.
  const read = page.waitForResponse((answer) => isSchemaAsSomebody(answer.request()));
  await signIn(page, { role: 'TOWNSHIP', position: 'HEAD' });
  await read;
  await page.waitForSelector('.graphiql-execute-button');
  await page.click('.graphiql-execute-button');
  const shown = page.locator('.graphiql-response');
  await shown.getByText('queueCounts').waitFor(); // further down the editor draws only what is in view
  assert.match(await shown.textContent(), /COLLECTOR/);
  // The documentation comes from the schema that the server told.
  await page.click('[aria-label="Show Documentation Explorer"]');
  await page.getByText('A list of').or(page.locator('.graphiql-doc-explorer')).first().waitFor();
  await page.locator('.graphiql-doc-explorer').getByText('Mutation').first().waitFor();
}

await browser.close();
console.log(`explorer: ${seen} visits in Chromium, ${bundled ? 'GraphiQL is bundled' : 'without GraphiQL, which was not bundled'}; nothing asked for elsewhere`);
