// Sends the forms of "Users and roles" to /api as JSON. Each says by data-method and data-path what it is.

const DONE = 'done';

/** What a form says, as the route wants it: empty fields are left out, checkboxes of one name are a list. */
function bodyOf(form) {
  const body = {};
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === 'checkbox') {
      body[field.name] ??= [];
      if (field.checked) body[field.name].push(field.value);
    } else if (field.type === 'radio') {
      if (field.checked) body[field.name] = field.value;
    } else if (field.value !== '') {
      body[field.name] = 'json' in field.dataset ? JSON.parse(field.value) : field.value;
    }
  }
  return body;
}

/** The answer, or undefined if none came. */
async function send(form) {
  const request = { method: form.dataset.method, headers: { 'accept-language': document.documentElement.lang } };
  const body = bodyOf(form);
  if (Object.keys(body).length > 0) {
    request.headers['content-type'] = 'application/json';
    request.body = JSON.stringify(body);
  }
  try {
    return await fetch(`/api${form.dataset.path}`, request);
  } catch {
    return undefined;
  }
}

async function detailOf(answer) {
  try {
    return (await answer.json()).detail;
  } catch {
    return undefined;
  }
}

/** Whether the company has nothing to do with the person any more: then there is no page to come back to. */
async function isGone(answer) {
  if (answer.status !== 200) return false;
  const { employments, access } = await answer.json();
  return employments?.length === 0 && access === undefined;
}

/** What was typed stays here. */
function signInBeside() {
  const { signedOut, signInBeside: words } = document.body.dataset;
  const link = document.createElement('a');
  Object.assign(link, { href: '/sign-in', target: '_blank', rel: 'noopener', textContent: words });
  return [`${signedOut} `, link];
}

async function submit(form, button) {
  const problem = form.querySelector('[role=alert]');
  problem.textContent = '';
  const answer = await send(form);
  if (answer?.ok) {
    // Said on the page that comes now.
    sessionStorage.setItem(DONE, `${document.body.dataset.done} ${button.textContent.trim()}`);
    const next = answer.headers.get('location') ?? (await isGone(answer) ? '/' : undefined);
    if (next) location.assign(next);
    else location.reload();
    return true;
  }
  if (answer?.status === 401) problem.replaceChildren(...signInBeside());
  else problem.textContent = (answer && await detailOf(answer)) || document.body.dataset.lost;
  return false;
}

for (const form of document.querySelectorAll('form[data-path]')) {
  const button = form.querySelector('button');
  button.disabled = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    button.ariaDisabled = 'true';
    if (await submit(form, button)) return;
    form.ariaBusy = 'false';
    button.ariaDisabled = 'false';
  });
}

for (const button of document.querySelectorAll('button[data-opens]')) {
  button.disabled = false;
  button.addEventListener('click', () => document.getElementById(button.dataset.opens).showModal());
}

// A page out of the browser's memory may be of another session, or of what was before.
addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload();
});

const done = sessionStorage.getItem(DONE);
if (done) {
  sessionStorage.removeItem(DONE);
  const status = document.getElementById('done');
  status.textContent = done;
  status.focus();
}
