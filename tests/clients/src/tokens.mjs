// An access token that ends soon: minutes are too long to wait for. Signed with the demonstration's own key, which lies
// beside the list of its portals.
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const PKCS8_OF_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Servers take a token for so many seconds after its end, since their clocks differ. */
const LEEWAY = 20;

/** The same claims as `token`, but ending after so many seconds, the leeway included. */
export function endingIn(seconds, token) {
  const [head, claims] = token.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url')), exp: Math.floor(Date.now() / 1000) + seconds - LEEWAY };
  const signed = `${head}.${Buffer.from(JSON.stringify(changed)).toString('base64url')}`;
  return `${signed}.${sign(null, Buffer.from(signed), key()).toString('base64url')}`;
}

function key() {
  const folder = dirname(process.env.MINSHENG_TEST_PORTALS);
  const seed = Buffer.from(readFileSync(join(folder, 'signing.key'), 'utf8').trim(), 'base64');
  return createPrivateKey({ key: Buffer.concat([PKCS8_OF_ED25519, seed]), format: 'der', type: 'pkcs8' });
}
