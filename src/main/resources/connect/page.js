// What is asked for stands in the address; nothing of it becomes markup. The session is a cookie that scripts cannot see.
'use strict';

const API = '/api/v1';
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const DECIDES = ['owner', 'admin', 'developer'];
const asked = new URLSearchParams(location.search);
const $ = id => document.getElementById(id);

function one(name, most) {
  const all = asked.getAll(name);
  if (all.length > 1) throw new Error(`${name} is given twice.`);
  const text = all[0] ?? '';
  if (text.length > most) throw new Error(`${name} is too long.`);
  return text;
}

/** The request, or an error that says what is wrong with it. The server looks at all of it again. */
function wish() {
  const w = {
    name: one('name', 200).trim(),
    redirectUri: one('redirect_uri', 2000),
    state: one('state', 1000),
    challenge: one('code_challenge', 128),
    method: one('code_challenge_method', 16),
    prefix: one('prefix', 128),
    environments: one('environments', 1000).split(',').map(e => e.trim().toLowerCase()).filter(Boolean),
    webhookUrl: one('webhook_url', 512),
  };
  if (!w.name) throw new Error('It does not say who asks.');
  if (!/^[!-[\]-~]+$/.test(w.redirectUri)) throw new Error('It does not say where to go back to.');
  let back;
  try {
    back = new URL(w.redirectUri);
  } catch {
    throw new Error('It does not say where to go back to.');
  }
  const secure = back.protocol === 'https:' || (back.protocol === 'http:' && LOOPBACK.includes(back.hostname));
  if (!secure || back.username || back.password || w.redirectUri.includes('#')) {
    throw new Error('The address to go back to is not one that access may be sent to.');
  }
  if (w.method !== 'S256' || !/^[\w-]{43}$/.test(w.challenge)) {
    throw new Error('It comes without the proof that this needs (PKCE with S256).');
  }
  w.host = back.host;
  return w;
}

class Refused extends Error {
  constructor(code, text) {
    super(text);
    this.code = code;
  }
}

async function ask(method, path, body) {
  let answer, json = {};
  try {
    answer = await fetch(API + path, {
      method,
      headers: body ? {'content-type': 'application/json'} : {},
      body: body ? JSON.stringify(body) : undefined,
      credentials: 'same-origin',
      cache: 'no-store',
    });
    json = await answer.json();
  } catch {
    throw new Refused('AWAY', 'The server could not be reached. Try again.');
  }
  if (!answer.ok) throw new Refused(json.code ?? '', json.error ?? 'That did not work.');
  return json.data;
}

function show(id) {
  for (const section of document.querySelectorAll('section')) section.hidden = section.id !== id;
  const first = $(id).querySelector('input:not([type=checkbox])');
  if (first) first.focus();
}

function texts(selector, text) {
  for (const node of document.querySelectorAll(selector)) node.textContent = text;
}

/** Does the work of a form once at a time; what is refused is said in it. */
function onSubmit(id, work) {
  const form = $(id);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const button = form.querySelector('.primary');
    const error = form.querySelector('.error');
    error.hidden = true;
    button.disabled = true;
    try {
      await work();
    } catch (refused) {
      error.textContent = refused.message;
      error.hidden = false;
    }
    button.disabled = false;
  });
}

function code() {
  const text = $('digits').value.trim();
  $('digits').value = '';
  return /^\d{6}$/.test(text) ? {totpCode: text} : {recoveryCode: text};
}

let w;
let orgs = [];
let pending = null;
let afterCode = null;

async function start() {
  try {
    const me = await ask('GET', '/users/me');
    texts('.who', me.email);
  } catch (refused) {
    if (refused.code === 'AWAY') throw refused;
    show('login');
    return;
  }
  orgs = (await ask('GET', '/auth/me/orgs')).filter(org => DECIDES.includes(org.role));
  if (orgs.length === 0) {
    show('nobody');
    return;
  }
  $('organization').replaceChildren(...orgs.map(org => new Option(org.name, org.id)));
  await projects();
  show('ask');
}

async function projects() {
  const all = await ask('GET', `/orgs/${$('organization').value}/projects`);
  $('project').replaceChildren(...all.map(project => new Option(project.name, project.id)));
  await environments();
}

async function environments() {
  const all = $('project').value
    ? await ask('GET', `/orgs/${$('organization').value}/projects/${$('project').value}/environments`)
    : [];
  $('environments').replaceChildren(...all.map(environment => {
    const label = document.createElement('label');
    const box = document.createElement('input');
    box.type = 'checkbox';
    box.value = environment.id;
    box.checked = w.environments.includes(environment.name.toLowerCase());
    label.append(box, environment.name);
    return label;
  }));
}

async function approve() {
  const chosen = [...$('environments').querySelectorAll(':checked')].map(box => box.value);
  if (chosen.length === 0) throw new Error('Choose at least one environment.');
  const body = {
    name: w.name,
    projectId: $('project').value,
    environments: chosen,
    redirectUri: w.redirectUri,
    codeChallenge: w.challenge,
    codeChallengeMethod: w.method,
  };
  if (w.prefix) body.secretPrefix = w.prefix;
  if (w.webhookUrl) body.webhookUrl = w.webhookUrl;
  if (w.state) body.state = w.state;
  try {
    leave((await ask('POST', `/orgs/${$('organization').value}/providers/connect`, body)).redirectTo);
  } catch (refused) {
    if (refused.code === 'SECOND_FACTOR_REQUIRED') {
      throw new Error('Your account has no second factor yet. Enrol one first; without it nobody is let in.');
    }
    if (refused.code !== 'STEP_UP_REQUIRED') throw refused;
    afterCode = async () => {
      await ask('POST', '/auth/step-up', code());
      show('ask');
      await approve();
    };
    texts('#code-title', 'Confirm that it is you');
    show('code');
  }
}

function leave(to) {
  show('leaving');
  location.replace(to);
}

function refuse() {
  const to = `${w.redirectUri}${w.redirectUri.includes('?') ? '&' : '?'}error=access_denied`;
  leave(w.state ? `${to}&state=${encodeURIComponent(w.state)}` : to);
}

try {
  w = wish();
  texts('.host', w.host);
  texts('#name', w.name);
  texts('#prefix', w.prefix ? ` whose names begin with ${w.prefix}` : '');
  texts('#webhook', w.webhookUrl);
  $('told').hidden = !w.webhookUrl;
  $('foreign').hidden = !/(^|\.)xn--/i.test(w.host);
  for (const button of document.querySelectorAll('.refuse')) button.addEventListener('click', refuse);
  $('organization').addEventListener('change', () => projects().catch(() => {}));
  $('project').addEventListener('change', () => environments().catch(() => {}));
  onSubmit('login-form', async () => {
    const body = {email: $('email').value, password: $('password').value};
    $('password').value = '';
    const login = await ask('POST', '/auth/login', body);
    if (!login.requiresTotp) return start();
    pending = login.tempToken;
    afterCode = async () => {
      await ask('POST', '/auth/totp/login', {tempToken: pending, ...code()});
      await start();
    };
    show('code');
  });
  onSubmit('code-form', () => afterCode());
  onSubmit('ask-form', approve);
  start().catch(failure => {
    texts('#broken-why', failure.message);
    show('broken');
  });
} catch (wrong) {
  texts('#broken-why', wrong.message);
  show('broken');
}
