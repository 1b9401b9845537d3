// The phone. What it shows is what the server says: `next.step` of GET /api/device. Nothing is decided here, no secret comes
// here but the PIN being entered, and no clock is asked.

import { isFramed } from './fingers.js';
import { beginningAgain, on, once, release, said, say, sayBeside, show, taken, the } from './screen.js';
import { ask, drawnKey, Lost, Refused, word } from './server.js';
import { changePin, devices, finger, settings } from './settings.js';
import { home, hours, payslips, trips } from './work.js';

/** Which screen each step leads to. What is not here is none that a person can take: it says why, and that is all. */
const SCREENS = {
  CreatePin: createPin,
  EnterPin: unlock,
  Acknowledge: exhausted,
  Authenticate: signIn,
  PresentInvitation: () => shown('invitation'),
  AskForInvitation: askInvitation,
  TryAgain: wait,
  UseAnotherDevice: () => shown('unsupported'),
};

/** The screens of the open app, by the fragment of the address. */
const OPEN = { '': home, payslips, hours, trips, menu, settings, 'change-pin': changePin, devices };

/** How long a browser takes to leave the page, in milliseconds; then something has gone wrong. */
const LEAVING = 10_000;

/** Only the last of several looks counts. */
let looks = 0;
let waiting;

/**
 * Looks at how the phone stands, and shows what comes next. `message` is said there; `field` is whom it concerns, if the
 * screen has it; `problem` is what was refused; `stays` leaves what is said already; `keeps` leaves a PIN that is being entered.
 */
async function start({ message, problem, field, stays = false, keeps = false } = {}) {
  looks += 1;
  const look = looks;
  clearTimeout(waiting);
  const seen = await seenNow();
  if (look !== looks) return;
  if (seen.step === 'UseApp') message = (await showOpen(seen)) ?? message;
  else if (keeps && seen.step === 'EnterPin' && document.body.dataset.screen === 'unlock') waysToOpen(seen);
  else (SCREENS[seen.step] ?? stopped)(seen);
  if (look !== looks) return;
  const own = the('text');
  if (own !== null && seen.detail !== undefined) own.textContent = seen.detail;
  // What the screen itself says is not said twice.
  const isSaid = seen.step === problem?.next?.step && (own !== null || seen.step === 'Acknowledge');
  if (isSaid && own !== null) own.textContent = problem.detail;
  if (message === undefined || isSaid) {
    if (!stays || said() === own?.textContent) say('');
  } else if (field !== undefined) sayBeside(field, message);
  else say(message);
}

/** How the phone stands: the step, and what came with it. */
async function seenNow() {
  const seen = {};
  try {
    const device = ask('GET', '/api/device');
    device.catch(() => {});
    seen.here = await ask('GET', '/here');
    Object.assign(seen, await device);
    Object.assign(seen, seen.next);
    // The app is open on the server's side: whether it is on this one, too, the session says.
    if (seen.step === 'UseApp') seen.me = await ask('GET', '/api/me');
  } catch (error) {
    if (!(error instanceof Refused)) return { step: 'Offline' };
    const { next, detail, code } = error.problem;
    Object.assign(seen, { step: undefined }, next);
    // Nobody is signed in, or the app is to be opened: that is no news.
    if (!['AuthenticationRequired', 'SessionRequired'].includes(code)) seen.detail = detail;
  }
  const rooted = document.getElementById('rooted');
  if (rooted !== null) rooted.checked = seen.here.rooted;
  // Nobody signs in on it: that is said before somebody goes to the bank in vain.
  if (seen.here.rooted && seen.step === 'Authenticate') seen.step = 'UseAnotherDevice';
  if (seen.here.invited && ['PresentInvitation', 'AskForInvitation'].includes(seen.step)) seen.step = 'Authenticate';
  return seen;
}

/** Shows the screen of the open app that the address names; why not, if it cannot be. */
async function showOpen(seen) {
  const [name, ...of] = location.hash.slice(1).split('/');
  let reason;
  try {
    await (Object.hasOwn(OPEN, name) ? OPEN[name] : home)(seen, ...of);
  } catch (error) {
    if (!(error instanceof Refused)) reason = word('lost');
    else if (error.problem.code === 'SessionRequired') return unlock(seen);
    else reason = error.problem.detail;
    home(seen);
  }
  on('lock', lock);
  return reason;
}

function shown(name) {
  show(name);
  on('check-again', () => start());
  on('sign-in-anyway', () => signIn());
  on('log-out', logOut);
}

/** Away from a screen of the open app: the next person is not to land there. */
function atHome() {
  history.replaceState(null, '', location.pathname);
}

// Signing in.

function signIn(seen) {
  show('sign-in');
  the('invited').hidden = seen?.here?.invited !== true;
  // Why nobody is signed in on this phone any more, unless whoever holds it has just done or read it.
  the('ended').hidden = seen?.ended === undefined || ['Asked', 'PinExhausted'].includes(seen.ended.reason);
  the('ended').textContent = seen?.ended?.text ?? '';
  // What the person and the provider both have.
  on('begin', async () => methods((await ask('POST', '/api/sign-in/begin', {})).instructions.methods));
  // Somebody is still signed in on this phone, who may be another.
  the('log-out').hidden = !['PinPending', 'Authenticated', 'Locked'].includes(seen?.state);
  on('log-out', logOut);
  on('forget-invitation', async () => {
    await ask('POST', '/invitation/forget', {});
    await start();
  });
}

function methods(offered) {
  show('methods');
  const known = offered.map((method) => (typeof method === 'string' ? method : 'Other'));
  for (const method of known) {
    const [item, button] = [document.createElement('li'), document.createElement('button')];
    button.id = `method-${method}`;
    button.type = 'button';
    button.textContent = method === 'Other' ? word('another-method') : word(method);
    item.append(button);
    the('methods').append(item);
    on(button.id, () => goTo(method));
  }
  on('cancel', () => start());
}

async function goTo(method) {
  const { address } = await ask('POST', '/sign-in/go', { method });
  const url = new URL(address);
  if (!['http:', 'https:'].includes(url.protocol)) throw new Lost();
  // The test bank is shown within the frame; no other provider lets itself be.
  const isBank = url.origin === document.body.dataset.bank;
  (isFramed && !isBank ? window.top : window).location.assign(url.href);
  await new Promise((resolve) => setTimeout(resolve, LEAVING));
}

// The PIN.

function digits(seen) {
  if (seen?.pin_digits === undefined) return;
  for (const hint of document.querySelectorAll('main [data-digits]')) hint.textContent = word('digits', seen.pin_digits);
}

function createPin(seen) {
  shown('create-pin');
  digits(seen);
  const beside = ({ code }) => ({ PinMismatch: 'confirmation', PinMalformed: 'pin', PinTooWeak: 'pin' })[code];
  on('form', async () => {
    await ask('POST', '/api/pin', { pin: taken('pin'), confirmation: taken('confirmation') });
    atHome();
    await start();
  }, beside);
}

/** `stepUp`: the app is open, and what was asked for wants the PIN. */
function unlock(seen, stepUp = false) {
  shown('unlock');
  digits(seen);
  waysToOpen(seen, stepUp);
  pad(seen?.pin_digits);
  on('form', async () => {
    try {
      await ask('POST', '/api/unlock', { pin: taken('pin') }, drawnKey());
    } catch (error) {
      const field = error instanceof Refused && ['IncorrectPin', 'PinMalformed'].includes(error.problem.code);
      if (!field) throw error;
      // How many tries are left has changed.
      if (!stepUp) return start({ message: error.problem.detail, field: 'pin' });
      unlock(await seenNow(), true);
      return sayBeside('pin', error.problem.detail);
    }
    await start();
  });
  for (const modality of ['Face', 'Fingerprint']) on(`open-${modality}`, () => finger('open', modality));
  the('cancel').hidden = !stepUp;
  on('cancel', () => start());
}

/** How many tries are left, and whether a face or a finger may be shown instead. */
function waysToOpen(seen, stepUp = false) {
  if (seen?.tries_left !== undefined) {
    the('tries-left').hidden = false;
    the('tries-left').textContent = word('tries-left', seen.tries_left);
  }
  for (const modality of ['Face', 'Fingerprint']) {
    the(`open-${modality}`).hidden = stepUp || seen?.[modality.toLowerCase()] !== true;
  }
}

function pad(most = 12) {
  const pin = the('pin');
  const changed = (value) => {
    pin.value = value;
    pin.dispatchEvent(new Event('input'));
  };
  pin.addEventListener('input', () => {
    the('entered').textContent = word('entered', pin.value.length);
  });
  the('erase').addEventListener('click', () => changed(pin.value.slice(0, -1)));
  for (const key of document.querySelectorAll('#pad button[value]:not([value=""])')) {
    key.addEventListener('click', () => changed(pin.value.length < most ? pin.value + key.value : pin.value));
  }
}

function exhausted() {
  show('exhausted');
  on('acknowledge', async () => {
    await ask('POST', '/api/acknowledge');
    await start();
  });
}

// Where there is no way on, or not yet.

function askInvitation(seen) {
  shown('ask-invitation');
  if (seen.state === 'RevokedAll') the('text').textContent = the('text').dataset.revoked;
}

function stopped(seen) {
  shown(seen.step === 'Offline' ? 'offline' : 'stopped');
}

function wait(seen) {
  shown('wait');
  const after = seen.after_milliseconds ?? 0;
  the('seconds').textContent = after > 0 ? word('wait-seconds', Math.ceil(after / 1000)) : '';
  // Without a wait at once, but not without end.
  waiting = setTimeout(() => start(), Math.max(after, 1_000));
}

// The menu.

function menu() {
  shown('menu');
  const sure = the('sure');
  the('log-out-everywhere').addEventListener('click', () => sure.showModal());
  the('sure-no').addEventListener('click', () => sure.close());
  on('sure-yes', async () => {
    sure.close();
    await ask('POST', '/api/log-out-everywhere');
    atHome();
    await start();
  });
}

async function lock() {
  await ask('POST', '/api/lock');
  atHome();
  await start();
}

async function logOut() {
  await ask('POST', '/api/log-out');
  atHome();
  await start();
}

// What is on the page whatever the screen.

for (const language of ['en', 'fi']) {
  on(`lang-${language}`, async () => {
    await ask('POST', '/language', { language });
    location.reload();
  });
}

document.getElementById('rooted')?.addEventListener('change', ({ target }) => once(async () => {
  await ask('POST', '/around/rooted', { rooted: target.checked });
  try {
    await ask('POST', '/api/device/integrity');
  } catch (error) {
    // Nobody is signed in on it: there is nothing to tell.
    if (!(error instanceof Refused)) throw error;
  }
  await start();
}));

on('lose-reply', async () => {
  await ask('POST', '/around/lose-reply', {});
  say(word('will-lose-reply'));
});

document.body.classList.toggle('framed', isFramed);
beginningAgain(async (told = {}) => {
  if (told.problem?.code !== 'StepUpRequired') return start(told);
  unlock(await seenNow(), true);
  say(told.message);
});
addEventListener('hashchange', () => start());
addEventListener('online', () => document.body.dataset.screen === 'offline' && start());
addEventListener('pageshow', ({ persisted }) => {
  if (!persisted) return;
  release();
  start();
});
if (location.search !== '') history.replaceState(null, '', location.pathname + location.hash);
start({ stays: true });
