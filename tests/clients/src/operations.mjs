// Every checked-in operation, executed as whoever would call it. None may answer a top-level error or a user error,
// and none may be left out.
import assert from 'node:assert/strict';
import { createClient } from 'graphql-sse';
import * as documents from './documents.mjs';
import { recordOnceReady } from './events.mjs';
import { COUNTY, account, ask, endpoint, formOf, portal, tokenOf } from './server.mjs';

const run = new Set();
const unique = `check-${Date.now()}-${process.pid}`;

/** Executes an operation and gives its data. */
async function execute(name, token, variables = {}) {
  const { data, errors } = await ask(documents.text(name), variables, token);
  assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
  for (const [field, value] of Object.entries(data)) {
    assert.deepEqual(value?.userErrors ?? [], [], `${name}.${field}`);
  }
  run.add(name);
  return data;
}

/** The one field of a mutation. */
async function mutate(name, token, input) {
  const data = await execute(name, token, { input });
  return Object.values(data)[0];
}

const clerkAccount = account({ role: 'TOWNSHIP', position: 'OFFICER' });
const clerk = await tokenOf({ role: 'TOWNSHIP', position: 'OFFICER' });

async function publicPortal() {
  const { token } = portal;
  const { viewer, campaigns } = await execute('PortalForms', token);
  assert.equal(viewer.profile, 'PORTAL');
  const campaign = campaigns.find((each) => each.code === portal.campaign);
  assert.ok(campaign.forms.length > 0 && campaign.categories.length > 0);
  await execute('PortalVillages', token, { campaign: campaign.code });
  const { receipt } = await mutate('PortalSubmit', token, {
    idempotencyKey: `${unique}-submit`,
    title: '路灯不亮',
    content: '村口的路灯坏了两个月，晚上走路看不清。',
    categoryCode: campaign.categories[0].code,
    name: '测试人甲',
    isConfidential: true,
  });
  // No credential but the code.
  const found = await execute('PortalReceipt', undefined, { code: receipt.code });
  assert.equal(found.receipt.number, receipt.number);
  const leader = await tokenOf({ role: 'LEADERSHIP', position: 'HEAD' });
  const { submissionByReceiptNumber } = await execute('FindByReceiptNumber', leader, { number: receipt.number });
  assert.equal(submissionByReceiptNumber.receiptNumber, receipt.number);
}

/** The page without any credential: what it was drawn from is taken as it stands there. */
async function publicPage() {
  const { publicCampaign: page } = await execute('PublicPage', undefined, { county: portal.county, code: portal.campaign });
  assert.ok(page.takesSuggestions && page.townships.length > 0 && page.channels.length > 0);
  const labels = await (await fetch(new URL('/labels.json', endpoint))).json();
  for (const { kind, zh, en } of page.kinds) assert.deepEqual(labels.enums.SubmissionKind[kind], { zh, en });
  assert.ok(labels.typesWithoutId.includes('PublicCampaign'));
}

async function workbench() {
  const { viewer } = await execute('CurrentViewer', clerk);
  const { viewer: { agenda } } = await execute('Agenda', clerk);
  const monday = await execute('Workbench', clerk);
  assert.deepEqual(monday.viewer.agenda.items.map(({ kind }) => kind), agenda.items.map(({ kind }) => kind));
  assert.equal(monday.submissions.totalCount, monday.queueCounts.find(({ queue }) => queue === 'TO_CLASSIFY').count);
  assert.ok(agenda.items.every((item) => item.object), 'a button without an object');
  assert.equal(viewer.department.name, clerkAccount.department);
  const { queueCounts, submissions } = await execute('Queue', clerk, {
    filter: { queue: 'COLLECTED' },
    orderBy: { field: 'RECEIVED_AT', direction: 'DESC' },
  });
  assert.equal(queueCounts.find((each) => each.queue === 'COLLECTED').count, submissions.totalCount);
  const next = await execute('Queue', clerk, { filter: { queue: 'COLLECTED' }, after: submissions.pageInfo.endCursor });
  const back = await execute('QueueBack', clerk, {
    filter: { queue: 'COLLECTED' }, last: 20, before: next.submissions.pageInfo.startCursor,
  });
  assert.deepEqual(back.submissions.nodes.map((each) => each.id), submissions.edges.map((each) => each.node.id));
  await execute('Search', clerk, { text: '路灯' });
  await execute('Departments', clerk);
  await execute('SubmissionPage', clerk, { id: submissions.edges[0].node.id });
  await execute('SubmissionsAgain', clerk, { ids: submissions.edges.slice(0, 3).map((each) => each.node.id) });
}

/** Two entries: one goes through every step that keeps it, the other is taken back. */
async function steps() {
  const { streams } = await execute('RecordForm', clerk);
  const [{ campaign }] = streams;
  const form = formOf(streams[0]);
  const entry = (key) => mutate('RecordSubmission', clerk, {
    idempotencyKey: `${unique}-${key}`,
    ...form,
    title: '村路积水',
    content: '雨后村口积水半尺深，孩子上学要绕行。',
    name: '测试人乙',
    phone: '13900000000',
  });
  let { submission } = await entry('record');
  const id = { submissionId: submission.id };
  await mutate('RevealIdentity', clerk, { ...id, reason: '电话回访核实' });
  const edited = await mutate('Edit', clerk, { ...id, expectedVersion: submission.version, urgency: 'URGENT' });
  assert.equal(edited.submission.urgency, 'URGENT');
  ({ submission } = await mutate('Classify', clerk, {
    ...id, expectedVersion: edited.submission.version, categoryId: campaign.categories[0].id,
  }));
  assert.equal(submission.records.length, 3);
  const other = (await entry('withdrawn')).submission;
  await mutate('Withdraw', clerk, { submissionId: other.id, expectedVersion: other.version, reason: '重复登记' });
  const many = (await entry('many')).submission;
  const row = { submissionId: many.id, expectedVersion: many.version };
  const classified = await mutate('ClassifyMany', clerk, { rows: [{ ...row, categoryId: campaign.categories[0].id }] });
  assert.equal(classified.outcomes[0].submission.stage, 'CLASSIFIED');
  const stale = await mutate('WithdrawMany', clerk, { rows: [{ ...row, reason: '重复登记' }] });
  assert.deepEqual([stale.taken, stale.outcomes[0].userErrors[0].code], [0, 'STALE_VERSION']);
  return { campaign, submission, channelId: form.channelId };
}

async function ledger(channelId) {
  const { importTemplate } = await execute('ImportTemplate', clerk);
  assert.ok(importTemplate.startsWith('\uFEFF'));
  const result = await mutate('ImportLedger', clerk, {
    idempotencyKey: `${unique}-import`,
    channelId,
    fileName: 'ledger.csv',
    content: `external_ref,title,content\n${unique}-1,垃圾清运,巷口垃圾三天没有清运。\n`,
  });
  assert.equal(result.accepted, 1, JSON.stringify(result));
}

async function erase(submission) {
  // Whoever may erase says so on the row.
  for (const wanted of [{ role: 'TOWNSHIP', position: 'OFFICER' }, { role: 'CAMPAIGN_OFFICE' }, { role: 'ADMINISTRATOR' }]) {
    const token = await tokenOf(wanted);
    const { node } = await execute('SubmissionPage', token, { id: submission.id });
    if (!node?.permissions.canErasePerson) continue;
    await mutate('ErasePerson', token, {
      submissionId: submission.id, expectedVersion: node.version, reason: '本人要求删除个人信息',
    });
    return;
  }
  assert.fail('nobody may erase a person');
}

/** A new account's whole life, so that no demo account's password changes. */
async function accountsAndSessions() {
  const admin = await tokenOf({ role: 'ADMINISTRATOR', position: 'HEAD' });
  await execute('Accounts', admin);
  const { departments } = await execute('Departments', admin);
  const [one, other] = departments.nodes.filter((each) => each.role.code === 'TOWNSHIP' && !each.parent);
  const login = `${COUNTY}-${unique}`;
  const made = await mutate('CreateAccount', admin, {
    login, displayName: '测试账号', departmentId: one.id, position: 'OFFICER',
  });
  const accountId = made.account.id;
  const granted = await mutate('GrantPost', admin, {
    accountId, departmentId: (other ?? one).id, position: 'DEPUTY',
  });
  await session(login, made.password);
  const post = granted.account.posts.at(-1);
  await mutate('RevokePost', admin, { postId: post.id });
  await mutate('ResetPassword', admin, { accountId });
  await mutate('DisableAccount', admin, { accountId });
  await mutate('EnableAccount', admin, { accountId, reason: '返岗' });
  await approvals(admin, one.id);
}

/** A head is made by two persons, each of whom gets half of the first password. */
async function approvals(admin, departmentId) {
  const second = await tokenOf({ role: 'ADMINISTRATOR', position: 'OFFICER' });
  const ask = (place) => mutate('CreateAccount', admin, {
    login: `${COUNTY}-${unique}-${place}`, displayName: '测试账号', departmentId, position: 'HEAD',
  });
  const [approved, rejected, withdrawn] = [await ask(1), await ask(2), await ask(3)];
  const { password } = await mutate('ApproveAccountRequest', second, { requestId: approved.requestId });
  await mutate('Login', undefined, { account: `${COUNTY}-${unique}-1`, password: `${approved.password}-${password}` });
  await mutate('RejectAccountRequest', second, { requestId: rejected.requestId, reason: '无任命文件' });
  await mutate('WithdrawAccountRequest', admin, { requestId: withdrawn.requestId });
  const { accountRequests } = await execute('AccountRequests', second);
  assert.ok(accountRequests.nodes.some((each) => each.id === approved.requestId && each.status === 'APPROVED'));
}

async function session(login, password) {
  const first = await mutate('Login', undefined, { account: login, password });
  const renewed = await mutate('Refresh', undefined, { refreshToken: first.refreshToken });
  const elsewhere = renewed.viewer.posts.find((each) => each.id !== renewed.viewer.post.id);
  assert.equal(renewed.viewer.mustChangePassword, true, 'a password that was given out holds once');
  const { passwordRules } = await execute('PasswordRules', undefined);
  const newPassword = [...password].reverse().join('');
  assert.ok(newPassword.length >= passwordRules.minLength && passwordRules.texts.length > 0);
  const changed = await mutate('ChangePassword', renewed.accessToken, { currentPassword: password, newPassword });
  const input = { postId: elsewhere.id, refreshToken: renewed.refreshToken };
  const beside = await mutate('ForkSession', undefined, input);
  assert.equal(beside.viewer.post.id, elsewhere.id);
  const { viewer } = await execute('CurrentViewer', changed.accessToken);
  assert.equal(viewer.post.id, renewed.viewer.post.id, 'the first window acts where it acted');
  const switched = await mutate('SwitchPost', changed.accessToken, { postId: elsewhere.id });
  await execute('LogoutEverywhere', switched.accessToken);
  await forgotten(login);
  const last = await mutate('Login', undefined, { account: login, password: newPassword });
  await mutate('Logout', undefined, { refreshToken: last.refreshToken });
}

/** It is written down after the answer, which is the same for names that nobody has. */
async function forgotten(login) {
  const admin = await tokenOf({ role: 'ADMINISTRATOR', position: 'HEAD' });
  await mutate('ForgotPassword', undefined, { account: login });
  let found;
  for (let turn = 0; turn < 100 && !found; turn += 1) {
    await new Promise((done) => setTimeout(done, 50));
    const { accounts } = await execute('Accounts', admin, { onlyForgotten: true });
    found = accounts.nodes.find((each) => each.login === login);
  }
  assert.ok(found?.isPasswordForgotten, 'whoever may set the password anew is told');
  await mutate('DismissForgotten', admin, { accountId: found.id, reason: '本人已想起' });
}

async function portalCredential(campaign) {
  const admin = await tokenOf({ role: 'ADMINISTRATOR', position: 'HEAD' });
  const channel = campaign.channels.find((each) => each.code === portal.channel);
  const { client } = await mutate('CreateClient', admin, {
    campaignId: campaign.id, channelId: channel.id, name: '测试门户', actions: ['SUBMISSION_SUBMIT'],
  });
  const renewed = await mutate('RotateClient', admin, { clientId: client.id, overlapHours: 48 });
  assert.match(renewed.credential, /^ms_/);
  await mutate('RevokeClient', admin, { clientId: client.id });
  const { portalClients } = await execute('PortalClients', admin, {});
  assert.equal(portalClients.nodes.find((each) => each.id === client.id).isActive, false);
}

async function trail() {
  const { auditEntries } = await execute('AuditTrail', await tokenOf({ role: 'AUDITOR', position: 'HEAD' }));
  assert.ok(auditEntries.nodes.length > 0);
}

async function cockpit() {
  const leader = await tokenOf({ role: 'LEADERSHIP', position: 'HEAD' });
  const { campaign, circulars, overview, latest } = await execute('Cockpit', leader, {
    campaign: portal.campaign, filter: { receivedFrom: '2022-01-01', receivedTo: '2100-01-01' },
  });
  assert.equal(overview.total.received, latest.totalCount);
  for (const cut of ['byDepartment', 'byCategory', 'byStage', 'byMonth', 'byDepartmentAndCategory']) {
    assert.equal(overview[cut].reduce((sum, { figures }) => sum + figures.received, 0), latest.totalCount, cut);
  }
  assert.ok(campaign.conformance.length > 0 && campaign.coverage.asOf && circulars.totalCount >= 0);
  const table = await execute('OverviewTable', leader, { by: ['DEPARTMENT', 'CATEGORY'] });
  const row = table.overview.rows[0];
  const { submissions } = await execute('DrillDown', leader, { filter: { token: row.filter } });
  assert.equal(submissions.totalCount, row.figures.received);
}

/** What a subscription tells first once it is ready and something has happened. */
async function hear(name, token, variables) {
  const client = createClient({
    url: endpoint, singleConnection: false, retryAttempts: 0, headers: { authorization: `Bearer ${token}` },
  });
  const events = client.iterate({ query: documents.text(name), variables });
  const { event: { value: { data, errors } }, id } = await recordOnceReady(events);
  await events.return();
  assert.equal(errors, undefined, `${name}: ${JSON.stringify(errors)}`);
  run.add(name);
  return { data, id };
}

async function live(campaign) {
  const { data: { submissionChanged }, id } = await hear('QueueChanges', clerk, {});
  assert.equal(submissionChanged.submission.id, id);
  assert.equal(submissionChanged.submissionId, id);
  assert.ok(submissionChanged.queuesEntered.includes('COLLECTED'));
  const { data: { agendaChanged } } = await hear('AgendaChanges', clerk, {});
  assert.equal(agendaChanged.kind, 'CHANGED');
  const leader = await tokenOf({ role: 'LEADERSHIP', position: 'HEAD' });
  const { data: { overviewChanged } } = await hear('CockpitChanges', leader, { campaignId: campaign.id });
  assert.ok(overviewChanged.overview.total.received > 0);
}

await publicPortal();
await publicPage();
await workbench();
const { campaign, submission, channelId } = await steps();
await ledger(channelId);
await erase(submission);
await accountsAndSessions();
await portalCredential(campaign);
await trail();
await cockpit();
await live(campaign);
assert.deepEqual(documents.names.filter((name) => !run.has(name)), [], 'operations that nothing executed');
console.log(`operations: all ${run.size} executed without an error`);
