// A provider's "Connect your vault", with Node alone: sends the customer's browser to the vault, takes its answer, changes the
// code for a token and pushes a first key. FYVAULT_URL: https://vault.example.com; PORT and SELF: where this one is.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';

const { FYVAULT_URL, PORT = '8090', SELF = `http://127.0.0.1:${PORT}` } = process.env;
const waiting = new Map(); // by state; bind it to your user's session as well
const random = () => randomBytes(32).toString('base64url');

function begin() {
  const state = random();
  const verifier = random();
  waiting.set(state, verifier);
  setTimeout(() => waiting.delete(state), 10 * 60_000).unref();
  return `${FYVAULT_URL}/connect?${new URLSearchParams({
    name: 'Example Mail',
    redirect_uri: `${SELF}/callback`,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    prefix: 'MAIL_',
    environments: 'production',
  })}`;
}

async function post(path, body, token) {
  const response = await fetch(FYVAULT_URL + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(token && { Authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  const answer = await response.json();
  if (!answer.success) throw new Error(`${answer.code}: ${answer.error}`);
  return answer.data;
}

async function finish(query) {
  const verifier = waiting.get(query.get('state'));
  waiting.delete(query.get('state'));
  if (!verifier) return 'This was not begun here.';
  if (query.get('error')) return `Not connected: ${query.get('error')}`;
  // Once: a code that is sent a second time ends what it gave.
  const given = await post('/api/v1/connect/token', {
    code: query.get('code'),
    codeVerifier: verifier,
    redirectUri: `${SELF}/callback`,
  });
  // Keep given.token and given.webhookSecret as you keep your own secrets.
  const pushed = await post(
    given.paths.push,
    { secret_name: 'MAIL_API_KEY', value: `re_live_${random()}`, environment: 'production' },
    given.token,
  );
  return `Connected. Pushed MAIL_API_KEY, version ${pushed.version}.`;
}

createServer(async (request, response) => {
  const url = new URL(request.url, SELF);
  if (url.pathname === '/start') {
    response.writeHead(302, { Location: begin() }).end();
    return;
  }
  const said = url.pathname === '/callback' ? await finish(url.searchParams).catch((e) => e.message) : 'GET /start';
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Referrer-Policy': 'no-referrer' }).end(said);
}).listen(Number(PORT), '127.0.0.1', () => console.log(`listening at ${SELF}/start`));
