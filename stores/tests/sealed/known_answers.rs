//! Against what was computed elsewhere: the form is frozen.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use pinlatch::host::{Key, Randomness, RandomnessError};
use pinlatch_stores::sealed::{SEALING_BYTES, Sealed, SealingKey, SealingKeys, key_in_use};
use pinlatch_testkit::{MemoryStore, person};

use crate::{load, number, put};

/// One nonce for everything, which no host may have.
struct Fixed;

impl Randomness for Fixed {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RandomnessError> {
        (100..).zip(bytes).for_each(|(number, byte)| *byte = number);
        Ok(())
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn counting_from(first: u8, bytes: u8) -> Vec<u8> {
    (first..first + bytes).collect()
}

/// The vector of draft-irtf-cfrg-xchacha-03, A.3.1: our cipher is the one we name.
#[test]
fn the_cipher_gives_the_vector_of_the_draft() {
    let text: &[u8] = b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for \
        the future, sunscreen would be it.";
    let bound_to = [0x50, 0x51, 0x52, 0x53, 0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7];
    let key: [u8; 32] = counting_from(0x80, 32).try_into().unwrap();
    let nonce = XNonce::try_from(&*counting_from(0x40, 24)).unwrap();
    let cipher = XChaCha20Poly1305::new(&key.into());
    let sealed = cipher.encrypt(&nonce, Payload { msg: text, aad: &bound_to }).unwrap();
    let expected = "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb\
        731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452\
        2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9\
        21f9664c97637da9768812f615c68b13b52e\
        c0875924c1c7987947deafd8780acf49";
    assert_eq!(hex(&sealed), expected);
}

/// Computed from the layout in the documentation by a program in another language, with a cipher, a hash and a
/// checksum of its own.
#[test]
fn a_sealed_record_is_the_same_to_the_byte_and_for_ever() {
    let expected = "504c53520100420000005ab7e6d307000000f2c04e41888ba977\
        6465666768696a6b6c6d6e6f707172737475767778797a7b\
        0b1b98c4df47faa2f455fc53c30b4e1040bebe28343d1517428f1772a825";
    let memory = Arc::new(MemoryStore::new());
    let secret = SealingKey::new(&counting_from(0, 32)).unwrap();
    let store = Sealed::new(Arc::clone(&memory), SealingKeys::new(number(7), secret)).with_randomness(Fixed);
    let place = Key::account(person(42));
    put(&store, &place, b"what is sealed");
    let bytes = memory.bytes(&place).unwrap();
    assert_eq!(hex(&bytes), expected);
    assert_eq!(bytes.len(), b"what is sealed".len() + SEALING_BYTES);
    assert_eq!(key_in_use(&bytes), Some(number(7)));
    assert_eq!(load(&store, &place), b"what is sealed");
}
