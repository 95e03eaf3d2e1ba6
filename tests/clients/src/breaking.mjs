// What changed in schema.graphql for those who use it: against a file, or against the former commit's. Only prints.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const ROOT = new URL('../../../', import.meta.url).pathname;
const FILE = 'schema.graphql';
const LEVELS = [
  [CriticalityLevel.Breaking, '不兼容 / breaking: a portal that uses it stops working'],
  [CriticalityLevel.Dangerous, '有风险 / dangerous: a portal may meet what it does not know'],
  [CriticalityLevel.NonBreaking, '兼容 / safe'],
];

const now = readFileSync(ROOT + FILE, 'utf8');
const former = process.argv[2] ? { name: process.argv[2], text: readFileSync(process.argv[2], 'utf8') } : formerCommit();
if (former) await report(former);

async function report({ name, text }) {
  const changes = await diff(buildSchema(text), buildSchema(now));
  console.log(`schema.graphql against ${name}: ${changes.length} changes`);
  for (const [level, title] of LEVELS) {
    const some = changes.filter(({ criticality }) => criticality.level === level);
    if (some.length === 0) continue;
    console.log(`${title} (${some.length})`);
    for (const { message, path } of some) console.log(`  ${path ?? ''}  ${message}`);
  }
  if (changes.every(({ criticality }) => criticality.level !== CriticalityLevel.Breaking)) console.log('没有不兼容的改动 / nothing breaks');
}

/** Where this branch left `main`; on `main` itself the commit before. Text that is not committed counts as new. */
function formerCommit() {
  const base = mergeBase() ?? revision('HEAD~1');
  if (!base) {
    const why = existsSync(`${ROOT}.git`) ? 'this clone has no earlier commit (a shallow one?); fetch one more: git fetch --deepen=1' : 'there is no git here';
    console.log(`schema.graphql: 没有可比较的上一版本 / nothing to compare with: ${why}`);
    return undefined;
  }
  const text = git('show', `${base}:${FILE}`);
  if (text === undefined) console.log(`schema.graphql: 上一版本没有此文件 / commit ${base.slice(0, 10)} has no such file`);
  return text === undefined ? undefined : { name: `commit ${base.slice(0, 10)}`, text };
}

function mergeBase() {
  const head = revision('HEAD');
  for (const main of ['origin/main', 'main']) {
    const base = git('merge-base', main, 'HEAD')?.trim();
    if (base && base !== head) return base;
  }
  return undefined;
}

function revision(name) {
  return git('rev-parse', '--verify', '--quiet', `${name}^{commit}`)?.trim();
}

function git(...command) {
  try {
    return execFileSync('git', ['-C', ROOT, ...command], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  } catch {
    return undefined;
  }
}
