//! The floor of a session check: what nobody can leave out, written for this one purpose.

use sha2::block_api::compress256;
use subtle::ConstantTimeEq;

/// Characters of a token's text that are hashed: the kind and the secret, not the account's key.
const KIND: usize = 8;
const SECRET: std::ops::Range<usize> = 31..74;
const HASHED: usize = KIND + 43;
/// The initial hash value of SHA-256 (FIPS 180-4 §5.3.3).
const INITIAL: [u32; 8] =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

/// A session in one cache line, or less.
#[derive(Clone, Copy, Debug, Default)]
#[repr(C, align(64))]
pub struct Line {
    /// Whose.
    pub person: u64,
    /// SHA-256 of the token's text, as the eight words that come out of it.
    pub digest: [u32; 8],
    /// When it began, in unix milliseconds.
    pub begun: u64,
    /// When it was last used.
    pub last_use: u64,
    /// The account's generation at the sign-in.
    pub generation: u32,
    /// 2 is "authenticated".
    pub state: u32,
}

/// The state in which a session may be used.
pub const AUTHENTICATED: u32 = 2;

/// What a session is compared with.
#[derive(Clone, Copy, Debug)]
pub struct Now {
    /// The time, in unix milliseconds.
    pub millis: u64,
    /// The account's generation.
    pub generation: u32,
    /// The longest a session may be unused, in milliseconds.
    pub idle: u64,
    /// The longest a session may live, in milliseconds.
    pub lifetime: u64,
}

impl Now {
    /// A time shortly after a session began.
    pub const fn shortly_after(begun: u64) -> Self {
        Self { millis: begun + 60_000, generation: 7, idle: 600_000, lifetime: 86_400_000 }
    }
}

impl Line {
    /// An open session with that token.
    pub fn open(person: u64, token: &str, begun: u64) -> Self {
        let digest = digest(token).expect("a token");
        Self { person, digest, begun, last_use: begun, generation: 7, state: AUTHENTICATED }
    }

    /// One SHA-256 block over the text, a constant-time comparison word by word, and the policy.
    pub fn check(&self, token: &str, now: &Now) -> bool {
        digest(token).is_some_and(|digest| self.admits(&digest, now))
    }

    /// The same without the hash.
    pub fn admits(&self, digest: &[u32; 8], now: &Now) -> bool {
        let words = self.digest.as_chunks::<2>().0.iter().zip(digest.as_chunks::<2>().0);
        let equal = words.fold(0, |difference, (mine, other)| difference | (wide(*mine) ^ wide(*other)));
        bool::from(equal.ct_eq(&0))
            && self.state == AUTHENTICATED
            && self.generation == now.generation
            && now.millis.saturating_sub(self.begun) < now.lifetime
            && now.millis.saturating_sub(self.last_use) < now.idle
    }
}

const fn wide([low, high]: [u32; 2]) -> u64 {
    (high as u64) << 32 | low as u64
}

/// The digest of a token's text: padded by hand into one block.
pub fn digest(token: &str) -> Option<[u32; 8]> {
    let text = token.as_bytes();
    let (kind, secret) = (text.get(..KIND)?, text.get(SECRET)?);
    if text.len() != SECRET.end || kind != b"pinlats_" {
        return None;
    }
    Some(digest_of(kind.first_chunk()?, secret.first_chunk()?))
}

/// The digest of a token that has been taken apart already.
pub fn digest_of(kind: &[u8; KIND], secret: &[u8; HASHED - KIND]) -> [u32; 8] {
    let mut block = [0; 64];
    block[..KIND].copy_from_slice(kind);
    block[KIND..HASHED].copy_from_slice(secret);
    block[HASHED] = 0x80;
    block[56..].copy_from_slice(&(8 * HASHED as u64).to_be_bytes());
    let mut state = INITIAL;
    compress256(&mut state, &[block]);
    state
}

/// Makes sure that the floor computes what it claims: SHA-256 as the library does.
pub fn verify() {
    use sha2::Digest as _;
    let token = crate::fixture::session_token(1, 0);
    let text = token.expose();
    let digest = digest(text).expect("a token");
    let library = sha2::Sha256::new().chain_update(&text[..KIND]).chain_update(&text[SECRET]).finalize();
    let words: Vec<u8> = digest.iter().flat_map(|word| word.to_be_bytes()).collect();
    assert_eq!(words, library.to_vec(), "the floor's digest is SHA-256");
    assert_eq!(words, token.digest().as_bytes(), "the floor hashes what pinlatch hashes");
    let line = Line::open(1, text, 1_000);
    let now = Now::shortly_after(1_000);
    assert!(line.check(text, &now), "the floor lets the right token in");
    let other = crate::fixture::session_token(2, 0);
    assert!(!line.check(other.expose(), &now), "the floor refuses another token");
    assert!(!line.check(text, &Now { generation: 8, ..now }), "the floor refuses another generation");
    assert!(
        !line.check(text, &Now { millis: now.millis + now.idle, ..now }),
        "the floor refuses an idle one"
    );
}
