// Shows what the server says of one person: the record decoded, and what comes into the audit trail. Whatever is shown is set
// as text.

const AGAIN = 5_000;

const byId = (id) => document.getElementById(id);

function made(tag, text = '', ...inside) {
  const element = document.createElement(tag);
  element.textContent = text;
  element.append(...inside);
  return element;
}

const fact = ([name, value]) => made('div', '', made('dt', name), made('dd', value));

function deviceCard(device) {
  const facts = made('dl', '', ...device.facts.map(fact));
  facts.className = 'facts';
  return made('section', '', made('h3', device.label), made('p', `${device.state}, device ${device.name}`), facts);
}

/** Lights the state of each device, and says the same in a list. */
function light(devices) {
  for (const state of document.querySelectorAll('.diagram .state')) {
    const here = devices.filter((device) => device.state === state.dataset.state);
    state.classList.toggle('lit', here.length > 0);
    const [first] = here;
    state.querySelector('.who').textContent = here.length > 1 ? `${here.length} devices` : first?.label.slice(0, 20) ?? '';
  }
  const lines = devices.map((device) => made('li', `${device.label} (${device.name}): ${device.state}`));
  byId('lit').replaceChildren(...(lines.length > 0 ? lines : [made('li', 'Signed in on no device.')]));
}

function showRecord({ note, facts, devices }) {
  byId('no-record').textContent = note ?? '';
  byId('no-record').hidden = note === undefined;
  byId('facts').replaceChildren(...facts.map(fact));
  byId('devices').replaceChildren(...devices.map(deviceCard));
  light(devices);
}

function row(entry) {
  const { time, what, cause, device, address } = entry;
  const line = made('tr', '', ...[time, what, cause, device, address].map((text) => made('td', text)));
  line.classList.toggle('refusal', entry.is_refusal);
  return line;
}

function showTrail({ anew, earlier, entries }) {
  const body = byId('entries');
  if (!body) return;
  const rows = entries.map(row).reverse();
  if (anew) {
    body.replaceChildren(...rows);
    byId('earlier').hidden = earlier === 0;
    byId('earlier').textContent = `${earlier} older entries are not shown.`;
    return;
  }
  for (const line of rows) line.classList.add('new');
  body.prepend(...rows);
  const last = entries.at(-1);
  byId('news').textContent = `${last.what} ${last.cause}`;
}

const says = (text) => {
  if (byId('line').textContent !== text) byId('line').textContent = text;
};

let last = '';

function listen() {
  const url = document.body.dataset.events + (last && `&after=${encodeURIComponent(last)}`);
  const events = new EventSource(url);
  events.addEventListener('record', (event) => {
    showRecord(JSON.parse(event.data));
    says('live');
  });
  events.addEventListener('trail', (event) => {
    last = event.lastEventId;
    showTrail(JSON.parse(event.data));
  });
  events.addEventListener('trouble', (event) => says(event.data));
  events.addEventListener('error', () => {
    says('not connected; trying again');
    // After an answer that is no stream a browser does not come back by itself.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN);
  });
  addEventListener('pagehide', () => events.close(), { once: true });
}

addEventListener('pageshow', (event) => {
  if (event.persisted) listen();
});
listen();
