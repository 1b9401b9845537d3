//! A phone's sensor in software: WebAuthn with a key of P-256 (WebAuthn Level 3 §6.1, §6.5, §8.7).

use data_encoding::BASE64URL_NOPAD;
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The bits of the authenticator's data: the person is there, is recognised, and a credential follows.
pub(crate) const PRESENT: u8 = 0x01;
pub(crate) const RECOGNISED: u8 = 0x04;
const WITH_CREDENTIAL: u8 = 0x40;

/// A credential.
pub(crate) struct Sensor {
    key: SigningKey,
    id: [u8; 16],
}

/// What is signed besides the challenge.
#[derive(Clone)]
pub(crate) struct Said<'s> {
    pub(crate) origin: &'s str,
    pub(crate) relying_party: &'s str,
    pub(crate) flags: u8,
    pub(crate) counter: u32,
}

impl<'s> Said<'s> {
    /// As a phone of this origin says it.
    pub(crate) const fn at(origin: &'s str, counter: u32) -> Self {
        Self { origin, relying_party: "payroll.localhost", flags: PRESENT | RECOGNISED, counter }
    }
}

impl Sensor {
    /// One whose key and id are made of this byte.
    pub(crate) fn of(byte: u8) -> Self {
        Self { key: SigningKey::from_slice(&[byte; 32]).unwrap(), id: [byte; 16] }
    }

    /// One with a key of its own under the id of another.
    pub(crate) fn posing(byte: u8, as_another: &Self) -> Self {
        Self { id: as_another.id, ..Self::of(byte) }
    }

    fn credential(&self, response: &Value) -> Value {
        let id = BASE64URL_NOPAD.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
    }

    /// Makes the credential that these options ask for.
    pub(crate) fn create(&self, options: &Value, said: &Said<'_>) -> Value {
        let mut data = authenticator_data(said, said.flags | WITH_CREDENTIAL);
        data.extend([0; 16]);
        data.extend([0, 16]);
        data.extend(self.id);
        let point = self.key.verifying_key().to_sec1_point(false);
        // {1: 2, 3: -7, -1: 1, -2: x, -3: y}, as RFC 9053 §7.1.1 has it.
        data.extend([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend(&point.as_bytes()[1..33]);
        data.extend([0x22, 0x58, 0x20]);
        data.extend(&point.as_bytes()[33..]);
        // {"fmt": "none", "attStmt": {}, "authData": data}
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(u8::try_from(data.len()).unwrap());
        object.extend(data);
        let client = client_data("webauthn.create", options, said.origin);
        self.credential(&json!({
            "attestationObject": BASE64URL_NOPAD.encode(&object), "clientDataJSON": BASE64URL_NOPAD.encode(&client),
        }))
    }

    /// Signs the challenge of these options.
    pub(crate) fn sign(&self, options: &Value, said: &Said<'_>) -> Value {
        let data = authenticator_data(said, said.flags);
        let client = client_data("webauthn.get", options, said.origin);
        let signed = [data.as_slice(), &Sha256::digest(&client)].concat();
        let signature: Signature = self.key.sign(&signed);
        self.credential(&json!({
            "authenticatorData": BASE64URL_NOPAD.encode(&data), "clientDataJSON": BASE64URL_NOPAD.encode(&client),
            "signature": BASE64URL_NOPAD.encode(signature.to_der().as_bytes()), "userHandle": null,
        }))
    }
}

fn authenticator_data(said: &Said<'_>, flags: u8) -> Vec<u8> {
    let mut data = Sha256::digest(said.relying_party.as_bytes()).to_vec();
    data.push(flags);
    data.extend(said.counter.to_be_bytes());
    data
}

fn client_data(kind: &str, options: &Value, origin: &str) -> Vec<u8> {
    let challenge = &options["publicKey"]["challenge"];
    json!({ "type": kind, "challenge": challenge, "origin": origin, "crossOrigin": false })
        .to_string()
        .into_bytes()
}
