// The small window in which a phone that stands in a frame asks for face or fingerprint.

import { askForFinger, NotShown } from './fingers.js';
import { Refused, word } from './server.js';

const [purpose, modality] = location.hash.slice(1).split('-');
const said = document.getElementById('finger-text');
const again = document.getElementById('try-again');
const isKnown = ['enable', 'open'].includes(purpose) && ['Face', 'Fingerprint'].includes(modality);

for (const name of document.querySelectorAll('h1 [data-for]')) name.hidden = name.dataset.for !== modality;

async function tryIt() {
  again.hidden = true;
  try {
    await askForFinger(purpose, modality);
    said.textContent = said.dataset.done;
    window.close();
  } catch (error) {
    said.textContent = reason(error);
    again.hidden = false;
    again.focus();
  }
}

function reason(error) {
  if (error instanceof Refused) return error.problem.detail;
  return error instanceof NotShown ? error.message : word('lost');
}

again.addEventListener('click', tryIt);
document.getElementById('close').addEventListener('click', () => window.close());
if (isKnown) tryIt();
else said.textContent = word('unreadable');
