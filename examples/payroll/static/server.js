// Asks the server. It answers JSON or nothing; what it refuses is application/problem+json.

/** No answer arrived: whatever was asked for may or may not have been done. */
export class Lost extends Error {}

/** The server said no. `problem` has `code`, `detail` for the person, and `next.step`. */
export class Refused extends Error {
  constructor(problem) {
    super(problem.code);
    this.problem = problem;
  }
}

/** How long an answer may take, in milliseconds. */
const PATIENCE = 30_000;

export async function ask(method, path, body, headers = {}) {
  const sent = { method, cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(PATIENCE) };
  sent.headers = { accept: 'application/json', ...headers };
  if (body !== undefined) {
    sent.headers['content-type'] = 'application/json';
    sent.body = JSON.stringify(body);
  }
  let status, type, text;
  try {
    const response = await fetch(path, sent);
    [status, type] = [response.status, response.headers.get('content-type') ?? ''];
    text = await response.text();
  } catch {
    throw new Lost();
  }
  const answer = /json/.test(type) ? parsed(text) : undefined;
  if (status >= 200 && status < 300) {
    if (text !== '' && answer === undefined) throw new Lost();
    return answer;
  }
  // A proxy's page, or what is played here: the reply is lost.
  if (answer?.detail === undefined || answer.code === 'ReplyLost') throw new Lost();
  throw new Refused(answer);
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An `Idempotency-Key`, drawn for one entry. */
export function drawnKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { 'Idempotency-Key': Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}

const words = document.getElementById('words').content;

/** A text of the page, with what stands for `{n}` in it. */
export function word(name, n = '') {
  const found = words.querySelector(`[data-word="${CSS.escape(name)}"]`);
  return found === null ? name : found.textContent.replace('{n}', () => String(n));
}

const language = document.documentElement.lang;
const moment = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
// A day is one everywhere: no time zone moves it.
const day = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' });
const month = new Intl.DateTimeFormat(language, { month: 'long', year: 'numeric', timeZone: 'UTC' });
const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' });
const number = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });

function dated(format, text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? String(text) : format.format(date);
}

export const asMoment = (text) => dated(moment, text);
export const asDay = (text) => dated(day, text);
export const asMonth = (text) => dated(month, text);
export const asMoney = (cents) => money.format(cents / 100);
export const asNumber = (value) => number.format(value);
