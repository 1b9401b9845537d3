// Goes on to the stage, if this browser finds its name.

/** How long it looks for it, in milliseconds. */
const PATIENCE = 5_000;

const stage = document.getElementById('to-stage');
const said = document.getElementById('said');

try {
  const found = await fetch(new URL('/reachable', stage.href), { signal: AbortSignal.timeout(PATIENCE), cache: 'no-store' });
  if (found.ok) location.replace(stage.href);
  else throw new Error(String(found.status));
} catch {
  said.textContent = said.dataset.notFound;
  document.getElementById('remedy').open = true;
}
