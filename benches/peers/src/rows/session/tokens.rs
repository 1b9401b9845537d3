//! Self-contained tokens: verified, read, and their expiry judged.
//!
//! They do what we do not: any server with the key verifies them without a store, and they carry
//! claims; a Biscuit can be narrowed by its holder. We do what they do not: a log-out, a lock or a
//! log-out from all devices is in force at the next request, because the record is asked.

use std::hint::black_box;

use biscuit_auth::builder::AuthorizerBuilder;
use biscuit_auth::{Biscuit, KeyPair};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rusty_paseto::prelude::{
    CustomClaim, ExpirationClaim, Key, Local, PasetoBuilder, PasetoParser, PasetoSymmetricKey, SubjectClaim,
    V4,
};
use serde::{Deserialize, Serialize};

use crate::harness::{Contestant, Side};

/// What a session token says of itself.
#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    sub: String,
    exp: u64,
    generation: u64,
}

/// The 1st of January 2100, in unix seconds: no token here expires.
const EXPIRY: u64 = 4_102_444_800;

fn claims() -> Claims {
    Claims { sub: "00000000000000000000000000000001".into(), exp: EXPIRY, generation: 7 }
}

/// The four of them.
pub fn contestants() -> Vec<Contestant<'static>> {
    let secret = [7; 32];
    let hmac = (EncodingKey::from_secret(&secret), DecodingKey::from_secret(&secret));
    let (private, public) = ed25519();
    let eddsa = (EncodingKey::from_ed_der(&private), DecodingKey::from_ed_der(&public));
    vec![
        jwt("jsonwebtoken, HS256", Algorithm::HS256, hmac),
        jwt("jsonwebtoken, EdDSA", Algorithm::EdDSA, eddsa),
        paseto(),
        biscuit(),
    ]
}

fn jwt(name: &str, algorithm: Algorithm, (sign, verify): (EncodingKey, DecodingKey)) -> Contestant<'static> {
    let token = jsonwebtoken::encode(&Header::new(algorithm), &claims(), &sign).expect("signed");
    let validation = Validation::new(algorithm);
    Contestant::repeating(Side::Peer, name, move || {
        let token =
            jsonwebtoken::decode::<Claims>(black_box(&token), &verify, &validation).expect("verified");
        assert_eq!(token.claims.generation, black_box(7));
        token.claims.sub
    })
}

/// A key pair of RFC 8032 §7.1, test 1: the private key as PKCS #8 (RFC 8410 §7), the public key raw.
fn ed25519() -> (Vec<u8>, Vec<u8>) {
    let hex = |text: &str| data_encoding::HEXLOWER.decode(text.as_bytes()).expect("hexadecimal");
    let prefix = hex("302e020100300506032b657004220420");
    let private = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
    let public = hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    ([prefix, private].concat(), public)
}

/// The parser is kept from token to token; by default it judges the expiry.
fn paseto() -> Contestant<'static> {
    // The parser borrows what it parses for as long as it lives; here that is until the end.
    let key: &'static _ = Box::leak(Box::new(PasetoSymmetricKey::<V4, Local>::from(Key::from([7; 32]))));
    let expiry = ExpirationClaim::try_from("2100-01-01T00:00:00+00:00").expect("a time");
    let token = PasetoBuilder::<V4, Local>::default()
        .set_claim(SubjectClaim::from("00000000000000000000000000000001"))
        .set_claim(expiry)
        .set_claim(CustomClaim::try_from(("generation", 7)).expect("not a reserved name"))
        .build(key)
        .expect("encrypted");
    let token: &'static str = token.leak();
    let mut parser = PasetoParser::<V4, Local>::default();
    Contestant::repeating(Side::Peer, "rusty_paseto, v4.local", move || {
        let claims = parser.parse(black_box(token), key).expect("decrypted");
        assert_eq!(claims["generation"].as_u64(), black_box(Some(7)));
        claims
    })
}

fn biscuit() -> Contestant<'static> {
    let root = KeyPair::new();
    let code = r#"
        user("00000000000000000000000000000001");
        generation(7);
        check if time($time), $time < 2100-01-01T00:00:00Z;
    "#;
    let built = Biscuit::builder().code(code).expect("Datalog").build(&root).expect("signed");
    let token = built.to_base64().expect("text");
    let public = root.public();
    let rules = AuthorizerBuilder::new().code("allow if user($user), generation(7);").expect("Datalog");
    Contestant::repeating(Side::Peer, "biscuit-auth", move || {
        let biscuit = Biscuit::from_base64(black_box(&token), public).expect("verified");
        let mut authorizer = rules.clone().time().build(&biscuit).expect("built");
        authorizer.authorize().expect("allowed")
    })
}
