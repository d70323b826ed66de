// What a provider's backend does, with Node's own fetch: push, rotate with a grace, revoke.
// FYVAULT_URL: https://vault.example.com/api/v1; FYVAULT_ORG, FYVAULT_PROVIDER, FYVAULT_TOKEN: from the registration.
import { randomUUID } from 'node:crypto';

const { FYVAULT_URL, FYVAULT_ORG, FYVAULT_PROVIDER, FYVAULT_TOKEN } = process.env;
const provider = `${FYVAULT_URL}/orgs/${FYVAULT_ORG}/providers/${FYVAULT_PROVIDER}`;

async function call(method, path, body) {
  const key = randomUUID(); // the same one when the request is repeated
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(provider + path, {
      method,
      headers: {
        Authorization: `Bearer ${FYVAULT_TOKEN}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(30_000),
    });
    const answer = await response.json();
    if (answer.success) return answer.data;
    const again = response.status === 503 || response.status === 429;
    if (!again || attempt === 5) throw new Error(`${response.status} ${answer.code}: ${answer.error}`);
    const seconds = Number(response.headers.get('retry-after') ?? 2 ** attempt);
    await new Promise((done) => setTimeout(done, seconds * 1000));
  }
}

const pushed = await call('POST', '/push', {
  secret_name: 'NODE_KEY',
  value: 're_live_1',
  environment: 'production',
  provider_version: 1,
});
console.log(`pushed version ${pushed.version}`);
const rotated = await call('PATCH', '', {
  secret_name: 'NODE_KEY',
  value: 're_live_2',
  provider_version: 2,
  gracePeriodSeconds: 3600,
});
console.log(`rotated to version ${rotated.version}, the one before can be read until ${rotated.previousUntil}`);
const revoked = await call('DELETE', '', { secret_name: 'NODE_KEY' });
console.log(`revoked ${revoked.revoked}`);
