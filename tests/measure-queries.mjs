#!/usr/bin/env node
// Asks a running server the same things again and again, one client alone, and prints a line of the README's table for each:
// p50 and p95 in ms, first for a department, then for the leadership.
//
//   tests/measure-queries.mjs ADDRESS ACCOUNTS.json [TIMES]
//
// Fill a database with `minsheng generate --submissions N --departments 40 --accounts ACCOUNTS.json` and serve it with a
// release build. TIMES is 200 unless given; 20 more come before, so that plans and caches are warm.
import { readFileSync } from 'node:fs'

const [address, accounts, times = '200'] = process.argv.slice(2)
if (!accounts) {
  console.error('tests/measure-queries.mjs ADDRESS ACCOUNTS.json [TIMES]')
  process.exit(2)
}
const WARM = 20

async function ask(token, query, variables = {}) {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  const response = await fetch(`${address}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
  const answer = await response.json()
  if (answer.errors || !answer.data) throw new Error(`${query}: ${JSON.stringify(answer)}`)
  return answer.data
}

async function signIn(profile) {
  const who = JSON.parse(readFileSync(accounts, 'utf8')).find((one) => one.profile === profile)
  const login = 'mutation($i: SessionLoginInput!) { sessionLogin(input: $i) { accessToken } }'
  const data = await ask(null, login, { i: { account: who.account, password: who.password } })
  return data.sessionLogin.accessToken
}

const QUEUE = `{ submissions(first: 20) { nodes { id number title stage department { name }
  records(last: 3) { action at } } pageInfo { endCursor } } }`
const PAGE = `query($channel: ID!) { submissions(first: 20, filter: { kinds: [COMPLAINT], channelIds: [$channel] }) {
  totalCount nodes { id title } } }`
const SEARCH = '{ submissions(first: 20, filter: { text: "路灯" }) { totalCount nodes { id title } } }'
const FOUND = '{ submissions(first: 20, filter: { text: "路灯" }) { nodes { id title } } }'
const OVERVIEW = `{ overview { total { received } rows(by: [DEPARTMENT, CATEGORY]) { keys { label }
  figures { received open } } } }`
const ONE = 'query($id: ID!) { node(id: $id) { ... on Submission { title content stage version } } }'

async function operations(token) {
  const data = await ask(token, '{ submissions(first: 100) { nodes { id } } campaigns { channels { id } } }')
  const ids = data.submissions.nodes.map((row) => row.id)
  const channel = data.campaigns[0].channels[0].id
  return [
    ['queue of 20 with department and last 3 records', QUEUE, () => ({})],
    ['one suggestion', ONE, (turn) => ({ id: ids[turn % ids.length] })],
    ['filtered page (kind and channel) with total', PAGE, () => ({ channel })],
    ['search 路灯, page and total', SEARCH, () => ({})],
    ['search 路灯, page alone', FOUND, () => ({})],
    ['overview, department × class, all time', OVERVIEW, () => ({})],
  ]
}

async function measure(token, query, variables) {
  const took = []
  for (let turn = -WARM; turn < Number(times); turn += 1) {
    const start = performance.now()
    await ask(token, query, variables(turn + WARM))
    if (turn >= 0) took.push(performance.now() - start)
  }
  took.sort((a, b) => a - b)
  const at = (share) => took[Math.min(took.length - 1, Math.floor(took.length * share))].toFixed(1)
  return `${at(0.5)} / ${at(0.95)}`
}

const callers = []
for (const profile of ['COLLECTOR', 'LEADERSHIP']) {
  const token = await signIn(profile)
  callers.push({ token, operations: await operations(token) })
}
for (const [place, [name]] of callers[0].operations.entries()) {
  const cells = []
  for (const { token, operations } of callers) {
    const [, query, variables] = operations[place]
    cells.push(await measure(token, query, variables))
  }
  console.log(`| ${name} | ${cells.join(' · ')} |`)
}
