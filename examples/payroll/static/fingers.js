// Face and fingerprint: WebAuthn with the platform's own authenticator.

import { ask, word } from './server.js';

const bytesOf = (text) => {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
};

const textOf = (buffer) => {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

/** The options as the browser wants them: bytes where JSON has base64url. */
function read(options) {
  const withBytes = (descriptor) => ({ ...descriptor, id: bytesOf(descriptor.id) });
  const read = { ...options, challenge: bytesOf(options.challenge) };
  if (options.user) read.user = withBytes(options.user);
  if (options.excludeCredentials) read.excludeCredentials = options.excludeCredentials.map(withBytes);
  if (options.allowCredentials) read.allowCredentials = options.allowCredentials.map(withBytes);
  return read;
}

/** The credential as the server wants it. */
function written(credential) {
  const response = { clientDataJSON: textOf(credential.response.clientDataJSON) };
  for (const name of ['attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (credential.response[name]) response[name] = textOf(credential.response[name]);
  }
  const { id, type } = credential;
  return { id, rawId: textOf(credential.rawId), type, response, extensions: credential.getClientExtensionResults() };
}

/** The person did not show a finger or a face, or not one that this device knows. `message` is for the person. */
export class NotShown extends Error {}

/** Asks for the face or the fingerprint, to enable it or to open the app by it. */
export async function askForFinger(purpose, modality) {
  if (!window.PublicKeyCredential) throw new NotShown(word('finger-missing'));
  const options = await ask('POST', '/api/fingers/begin', { purpose, modality });
  const publicKey = read(options.publicKey ?? options);
  let credential;
  try {
    credential = await (purpose === 'enable'
      ? navigator.credentials.create({ publicKey })
      : navigator.credentials.get({ publicKey }));
  } catch {
    throw new NotShown(word('finger-cancelled'));
  }
  const evidence = { modality, credential: written(credential) };
  if (purpose === 'enable') await ask('PUT', '/api/biometrics', evidence);
  else await ask('POST', '/api/unlock/biometric', evidence);
}

/** How often a small window is looked at, in milliseconds. */
const LOOK = 250;

/**
 * The same in a small window, for a phone in a frame: what is signed within a frame says so, and is refused. Calls `closed`
 * once the window is. `false` if the browser opened none.
 */
export function inSmallWindow(purpose, modality, closed) {
  const opened = window.open(`/finger#${purpose}-${modality}`, 'finger', 'popup,width=420,height=420');
  if (opened === null) return false;
  opened.focus();
  const looking = setInterval(() => {
    if (!opened.closed) return;
    clearInterval(looking);
    closed();
  }, LOOK);
  return true;
}

export const isFramed = window.top !== window;
