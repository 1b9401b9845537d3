// One screen at a time, in <main>; a message above it; one action at a time.

import { Lost, Refused, word } from './server.js';

const main = document.querySelector('main');
const message = document.getElementById('message');
const title = document.title;
let begin = () => {};
let isBusy = false;
/** Which action it is that may end the waiting. */
let turn = 0;
let isFirst = true;

/** What is called, with what to say, where only a look at how the phone stands tells how to go on. */
export function beginningAgain(start) {
  begin = start;
}

export const beginAgain = (told) => begin(told);

export const the = (id) => main.querySelector(`#${CSS.escape(id)}`);

/** Shows a screen, and moves the focus to its heading. */
export function show(name) {
  main.replaceChildren(document.getElementById(`screen-${name}`).content.cloneNode(true));
  document.body.dataset.screen = name;
  const heading = main.querySelector('h1');
  document.title = heading.textContent === '' ? title : `${heading.textContent} · ${title}`;
  heading.tabIndex = -1;
  // A page that has just been loaded, or that stands in the background, takes the focus from nobody.
  if (!isFirst && document.hasFocus()) heading.focus();
  isFirst = false;
}

/** What is said above the screen. */
export const said = () => message.textContent.trim();

/** Says something above the screen; nothing takes it away. */
export function say(text) {
  const said = document.createElement('p');
  said.textContent = text ?? '';
  message.replaceChildren(...(text ? [said] : []));
}

/** Says what is wrong beside a field, empties the entries, and leads there. */
export function sayBeside(id, text) {
  for (const input of main.querySelectorAll('input[type="password"]')) input.value = '';
  unsay();
  const [field, error] = [the(id), the(`${id}-error`)];
  if (field === null || error === null) {
    say(text);
    return;
  }
  error.textContent = text;
  field.setAttribute('aria-invalid', 'true');
  if (document.hasFocus()) (main.querySelector('input[type="password"]') ?? field).focus();
}

/** Takes away what is said beside fields. */
function unsay() {
  for (const error of main.querySelectorAll('.error')) error.textContent = '';
  for (const input of main.querySelectorAll('[aria-invalid]')) input.removeAttribute('aria-invalid');
}

/** What was typed into a field for secrets, which is empty afterwards. */
export function taken(id) {
  const field = the(id);
  const entry = field.value;
  field.value = '';
  field.dispatchEvent(new Event('input'));
  return entry;
}

/** Calls an action when a button is pressed or a form sent; see `once`. Where there is no such element, nothing. */
export function on(id, action, beside) {
  const element = the(id) ?? document.getElementById(id);
  if (element === null) return;
  element.addEventListener(element.localName === 'form' ? 'submit' : 'click', (event) => {
    event.preventDefault();
    once(() => action(event), beside);
  });
}

/**
 * Runs one action, during which every button waits. What is refused is said: beside a field if `beside`, called with the
 * problem, names one.
 */
export async function once(action, beside = () => undefined) {
  if (isBusy) return;
  const focused = document.activeElement;
  turn += 1;
  const own = turn;
  busy(true);
  say('');
  unsay();
  try {
    await action();
  } catch (error) {
    await inTrouble(error, beside);
  } finally {
    if (own === turn) busy(false);
    // A button that waited has lost the focus.
    const lost = document.activeElement === null || document.activeElement === document.body;
    if (lost && focused?.isConnected) focused.focus();
  }
}

/** Ends the waiting whatever it was for: the page came back from the browser's memory. */
export function release() {
  turn += 1;
  busy(false);
}

function busy(now) {
  isBusy = now;
  document.body.setAttribute('aria-busy', String(now));
  if (now) {
    for (const button of document.querySelectorAll('button:enabled')) {
      button.disabled = true;
      button.dataset.waits = '';
    }
  } else {
    for (const button of document.querySelectorAll('button[data-waits]')) {
      button.disabled = false;
      delete button.dataset.waits;
    }
  }
}

async function inTrouble(error, beside) {
  if (error instanceof Lost) return begin({ message: word('lost') });
  if (!(error instanceof Refused)) {
    console.error(error);
    return begin({ message: word('unreadable') });
  }
  const { problem } = error;
  const field = beside(problem);
  if (field !== undefined) return sayBeside(field, problem.detail);
  const seconds = Math.ceil((problem.next?.after_milliseconds ?? 0) / 1000);
  switch (problem.next?.step) {
    case 'TryAgain':
      return say(seconds > 0 ? `${problem.detail} ${word('wait-seconds', seconds)}` : problem.detail);
    case 'CorrectInput':
    case 'NotAllowed':
    case undefined:
      return say(problem.detail);
    default:
      return begin({ message: problem.detail, problem });
  }
}
