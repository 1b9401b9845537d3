// Settings: the PIN, face and fingerprint, the person's devices.

import { askForFinger, inSmallWindow, isFramed, NotShown } from './fingers.js';
import { beginAgain, on, once, say, show, taken, the } from './screen.js';
import { asMoment, ask, drawnKey, Lost, Refused, word } from './server.js';

export function settings(seen) {
  show('settings');
  for (const modality of ['Face', 'Fingerprint']) {
    const id = modality.toLowerCase();
    const isOn = seen[id] === true;
    the(`${id}-state`).textContent = word(isOn ? 'is-on' : 'is-off');
    the(id).setAttribute('aria-checked', String(isOn));
    on(id, () => (isOn ? turnOff(modality) : finger('enable', modality)));
  }
}

async function turnOff(modality) {
  await ask('DELETE', `/api/biometrics/${modality}`);
  await beginAgain({ message: word('turned-off') });
}

/** Opens the app, or enables face or finger: here, or in a small window. */
export async function finger(purpose, modality) {
  try {
    if (isFramed) {
      // What wants the PIN first says so here, and not in the small window, where there is none.
      if (purpose === 'enable') await ask('POST', '/api/fingers/begin', { purpose, modality });
      const isOpen = inSmallWindow(purpose, modality, () => beginAgain({ keeps: true }));
      return say(word(isOpen ? 'finger-window' : 'finger-blocked'));
    }
    await askForFinger(purpose, modality);
  } catch (error) {
    if (error instanceof NotShown) return say(error.message);
    const code = error instanceof Refused ? error.problem.code : '';
    // It was not recognised, or is not enabled any more: there may be a button less.
    if (code.startsWith('Biometric')) return beginAgain({ message: error.problem.detail });
    throw error;
  }
  await beginAgain({ message: purpose === 'enable' ? word('turned-on') : undefined });
}

export function changePin(seen) {
  show('change-pin');
  const digits = seen.pin_digits === undefined ? '' : word('digits', seen.pin_digits);
  for (const hint of document.querySelectorAll('main [data-digits]')) hint.textContent = digits;
  on('form', async () => {
    const entries = { current: taken('current'), pin: taken('pin'), confirmation: taken('confirmation') };
    const key = drawnKey();
    const change = () => ask('PUT', '/api/pin', entries, key);
    // Under its key a change that was made already is not made twice.
    await change().catch((error) => (error instanceof Lost ? change() : Promise.reject(error)));
    say(word('pin-changed'));
  }, whatIsWrong);
}

/** Which entry a refusal is about. */
function whatIsWrong({ code }) {
  const fields = { IncorrectPin: 'current', PinMismatch: 'confirmation' };
  const ofTheNewOne = { PinMalformed: 'pin', PinTooWeak: 'pin', PinUnchanged: 'pin' };
  return { ...fields, ...ofTheNewOne }[code];
}

export async function devices() {
  const lines = await ask('GET', '/api/devices');
  show('devices');
  for (const device of lines) the('rows').append(line(device));
  the('log-out-others').hidden = lines.length < 2;
  on('log-out-others', async () => {
    await ask('POST', '/api/devices/log-out-others');
    await beginAgain({ message: word('device-logged-out') });
  });
}

function line(device) {
  const item = document.getElementById('device').content.cloneNode(true).firstElementChild;
  const part = (name) => item.querySelector(`.${name}`);
  item.dataset.device = device.id;
  item.dataset.this = String(device.this_device);
  part('name').textContent = device.label;
  part('badge').hidden = !device.this_device;
  part('state').textContent = word(device.state);
  part('since').textContent = word('signed-in-on', asMoment(device.created));
  part('used').textContent = used(device.last_opened);
  part('rename').addEventListener('click', () => {
    part('naming').hidden = !part('naming').hidden;
    part('rename').setAttribute('aria-expanded', String(!part('naming').hidden));
    part('label').value = device.label;
    part('label').focus();
  });
  const path = `/api/devices/${encodeURIComponent(device.id)}`;
  part('naming').addEventListener('submit', (event) => {
    event.preventDefault();
    once(async () => {
      await ask('PATCH', path, { label: part('label').value });
      await beginAgain({ message: word('renamed') });
    });
  });
  part('log-out').addEventListener('click', () => once(async () => {
    await ask('DELETE', path);
    await beginAgain({ message: word('device-logged-out') });
  }));
  return item;
}

function used(last) {
  return last === undefined ? word('never-used') : `${word('last-used', asMoment(last.at))} ${word(last.by)}`;
}
