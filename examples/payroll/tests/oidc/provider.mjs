// The OpenID provider of `oidc-provider`, on a port of this machine, with keys of the given algorithm. Its development
// interactions believe every account and password: the account is the subject.
//
//   node provider.mjs PORT ALGORITHM REDIRECT_URI...
//
// The client is `payroll`, its secret in OIDC_CLIENT_SECRET. It prints its issuer once it listens.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [port, algorithm, ...redirectUris] = process.argv.slice(2);
const isRsa = algorithm.startsWith('RS') || algorithm.startsWith('PS');
const { privateKey } = isRsa
  ? generateKeyPairSync('rsa', { modulusLength: 2048 })
  : generateKeyPairSync('ec', { namedCurve: 'P-256' });
const key = { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: algorithm, use: 'sig' };

const server = createServer();
server.listen(Number(port), '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'payroll',
        client_secret: process.env.OIDC_CLIENT_SECRET,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code'],
        response_types: ['code'],
        id_token_signed_response_alg: algorithm,
      },
    ],
    cookies: { keys: [randomUUID()] },
    enabledJWA: { idTokenSigningAlgValues: [algorithm] },
    jwks: { keys: [key] },
    pkce: { required: () => true },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
