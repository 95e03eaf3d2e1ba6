// The checked-in operations by name, each with the fragments that it needs.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, concatAST, parse, print, visit } from 'graphql';

const ROOT = new URL('../operations/', import.meta.url).pathname;

const files = readdirSync(ROOT, { recursive: true }).filter((name) => name.endsWith('.graphql')).sort();
const all = concatAST(files.map((name) => parse(readFileSync(join(ROOT, name), 'utf8'))));
const fragments = new Map(named(Kind.FRAGMENT_DEFINITION));
const operations = new Map(named(Kind.OPERATION_DEFINITION));

/** Names of all operations. */
export const names = [...operations.keys()];

/** One operation as a document that stands alone. */
export function document(name) {
  const operation = operations.get(name);
  if (!operation) throw new Error(`operations/ has no ${name}`);
  const needed = new Set();
  gather(operation, needed);
  return { kind: Kind.DOCUMENT, definitions: [operation, ...[...needed].map((key) => fragments.get(key))] };
}

/** The same as text. */
export const text = (name) => print(document(name));

function gather(definition, needed) {
  visit(definition, {
    FragmentSpread({ name }) {
      if (needed.has(name.value)) return;
      needed.add(name.value);
      gather(fragments.get(name.value), needed);
    },
  });
}

function named(kind) {
  return all.definitions.filter((definition) => definition.kind === kind).map((each) => [each.name.value, each]);
}
