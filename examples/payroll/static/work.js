// The open app's own screens: payslips, hours, travel and expense reports.

import { beginAgain, on, sayBeside, show, the } from './screen.js';
import { asDay, ask, asMoney, asMonth, asNumber, word } from './server.js';

/** Which screen a function has. Users and roles are the browser version's. */
const PAGES = { SalaryInformation: 'payslips', WorkingHours: 'hours', TravelExpenseReports: 'trips' };

/** Which entry a refusal is about. */
const WRONG = {
  DateNotUsable: 'date',
  HoursNotUsable: 'hours',
  NoteNotUsable: 'note',
  DestinationNotUsable: 'destination',
  ExpensesNotUsable: 'expenses',
};

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}

export function home({ me }) {
  show('home');
  const hello = the('hello');
  hello.textContent = hello.dataset.text.replace('{n}', () => me.name);
  for (const { id, name, functions } of me.companies) {
    const list = element('ul', '', { class: 'choices' });
    for (const func of functions) list.append(choice(id, typeof func === 'string' ? func : func.Custom));
    if (functions.length > 0) the('companies').append(element('h2', name), list);
  }
  the('nothing').hidden = the('companies').childElementCount > 0;
}

function choice(company, func) {
  const item = document.createElement('li');
  const page = PAGES[func];
  if (page === undefined) item.textContent = `${word(func)} (${word('only-in-browser')})`;
  else item.append(element('a', word(func), { href: `#${page}/${company}`, 'data-function': func, class: 'button' }));
  return item;
}

function path(company, what, owner) {
  const parts = [company ?? '', what, owner].filter((part) => part !== undefined);
  return `/api/companies/${parts.map(encodeURIComponent).join('/')}`;
}

/**
 * One's own, or somebody's whose data one may see; and the list of those people, if there are any. What nobody may enter has no
 * form, and who has nothing of one's own chooses somebody.
 */
async function looked(what, page, company, owner) {
  const func = Object.keys(PAGES).find((name) => PAGES[name] === page);
  const people = await ask('GET', path(company, 'people'));
  const [own, others] = [people.find(({ own }) => own), people.filter(({ own, sees }) => !own && sees.includes(func))];
  const hasOwn = own?.sees.includes(func) === true;
  const chooses = owner === undefined && !hasOwn && others.length > 0;
  const answer = chooses ? [] : await ask('GET', path(company, what, owner));
  show(page);
  if (others.length > 0) choosePerson(page, company, owner, others, hasOwn);
  document.querySelector('main .wide').hidden = chooses;
  const whose = owner === undefined ? own : people.find(({ id }) => id === owner);
  if (the('form') !== null) the('form').hidden = whose?.enters.includes(func) !== true;
  return answer;
}

function choosePerson(page, company, owner, people, hasOwn) {
  const list = element('nav', '', { class: 'choices row', 'aria-label': word('whose') });
  const link = (text, id) => {
    const made = element('a', text, { class: 'button', href: `#${page}/${company}${id === undefined ? '' : `/${id}`}` });
    if (id !== undefined) made.dataset.owner = id;
    if (id === owner && (id !== undefined || hasOwn)) made.setAttribute('aria-current', 'true');
    list.append(made);
  };
  if (hasOwn) link(word('own'));
  for (const { id, name } of people) link(name, id);
  the('people').append(list);
  the('whose').textContent = people.find(({ id }) => id === owner)?.name ?? word('own');
}

function fill(rows, cells) {
  for (const row of rows) {
    const line = document.createElement('tr');
    for (const [text, isNumber] of cells(row)) line.append(element('td', text, isNumber ? { class: 'number' } : {}));
    the('rows').append(line);
  }
  if (rows.length > 0) return;
  const line = document.createElement('tr');
  line.append(element('td', word('nothing-entered'), { colspan: '4' }));
  the('rows').append(line);
}

export async function payslips(_, company, owner) {
  const payslips = await looked('payslips', 'payslips', company, owner);
  fill(payslips, ({ month, gross_cents, tax_cents, net_cents }) => [
    [asMonth(month)],
    [asMoney(gross_cents), true],
    [asMoney(tax_cents), true],
    [asMoney(net_cents), true],
  ]);
}

export async function hours(_, company, owner) {
  const entries = await looked('hours', 'hours', company, owner);
  fill(entries, ({ date, hours, note }) => [[asDay(date)], [asNumber(hours), true], [note]]);
  entering('PUT', path(company, 'hours', owner), () => ({
    date: the('date').value,
    hours: the('hours').valueAsNumber,
    note: the('note').value,
  }));
}

export async function trips(_, company, owner) {
  const reports = await looked('trips', 'trips', company, owner);
  fill(reports, ({ date, destination, expenses_cents }) => [
    [asDay(date)],
    [destination],
    [asMoney(expenses_cents), true],
  ]);
  entering('POST', path(company, 'trips', owner), () => ({
    date: the('date').value,
    destination: the('destination').value,
    expenses_cents: Math.round(the('expenses').valueAsNumber * 100),
  }));
}

function entering(method, to, entry) {
  on('form', async () => {
    const empty = [...the('form').elements].find(({ validity }) => validity.valueMissing || validity.badInput);
    if (empty !== undefined) {
      sayBeside(empty.id, word('fill-in'));
      return;
    }
    await ask(method, to, entry());
    await beginAgain({ message: word('saved') });
  }, ({ code }) => WRONG[code]);
}
