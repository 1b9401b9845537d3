//! Nothing of the working memory is left anywhere in the process: looked for from outside, through the system's view
//! of it. Alone in its program, so that no other test hashes meanwhile.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::hint::black_box;
use std::num::NonZeroUsize;
use std::os::unix::fs::FileExt;

use argon2::{Algorithm, Argon2, Block, Params, Version};
use pinlatch::pin::{HashInput, HashParams, PinHasher};
use pinlatch_hashers::SimdArgon2id;

const SALT: [u8; 16] = *b"looked for later";
const MESSAGE: &[u8] = b"824671";
/// What is looked for is kept under this mask, so that the search does not find itself.
const MASK: u64 = 0x5DEE_CE66_D153_29AB;
/// How much of a block is looked for: blocks lie on multiples of 64 bytes.
const WORDS: usize = 4;
const LINE: usize = 64;

type Sample = [u64; WORDS];

/// The beginnings of some blocks as they are when the hash is done, masked; and the memory itself.
fn samples(params: HashParams) -> (Vec<Sample>, Vec<Block>) {
    let cost = Params::new(params.memory_kib(), params.passes(), 1, Some(32)).unwrap();
    let mut memory = vec![Block::new(); cost.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, cost);
    argon2.hash_password_into_with_memory(MESSAGE, &SALT, &mut [0; 32], &mut memory).unwrap();
    let masked = |block: &Block| std::array::from_fn(|i| block.as_ref()[i] ^ MASK);
    (memory.iter().step_by(97).map(masked).collect(), memory)
}

/// How many of the samples are somewhere in the writable memory of this process.
fn found(samples: &[Sample]) -> usize {
    let memory = File::open("/proc/self/mem").unwrap();
    let mut window = vec![0; 1 << 20];
    let mut seen = vec![false; samples.len()];
    for line in fs::read_to_string("/proc/self/maps").unwrap().lines() {
        let mut words = line.split_whitespace();
        let (range, rights) = (words.next().unwrap(), words.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let mut at = u64::from_str_radix(from, 16).unwrap();
        let to = u64::from_str_radix(to, 16).unwrap();
        while at < to {
            let length = window.len().min(usize::try_from(to - at).unwrap());
            // What has been unmapped since cannot be read, and holds nothing.
            if memory.read_exact_at(&mut window[..length], at).is_ok() {
                for start in window[..length].chunks_exact(LINE) {
                    mark(start, samples, &mut seen);
                }
            }
            window.fill(0); // what was copied here must not be found here
            black_box(&mut window);
            at += length as u64;
        }
    }
    seen.into_iter().filter(|seen| *seen).count()
}

fn mark(line: &[u8], samples: &[Sample], seen: &mut [bool]) {
    let (words, _) = line.as_chunks::<8>();
    let first = u64::from_ne_bytes(words[0]) ^ MASK;
    for (sample, seen) in samples.iter().zip(seen) {
        if sample[0] == first && sample.iter().zip(words).all(|(s, w)| *s == u64::from_ne_bytes(*w) ^ MASK) {
            *seen = true;
        }
    }
}

#[test]
fn nothing_of_the_working_memory_is_left_in_the_process() {
    let params = HashParams::new(HashParams::MIN_MEMORY_KIB, 5).unwrap();
    let (samples, mut memory) = samples(params);
    assert_eq!(found(&samples), samples.len(), "the search finds what is there");
    memory.fill(Block::new());
    black_box(&mut memory);
    assert_eq!(found(&samples), 0, "and nothing else");

    let hasher = SimdArgon2id::new(NonZeroUsize::MIN);
    let input = HashInput { params, salt: &SALT, pepper: None, message: MESSAGE };
    hasher.hash(&input, &mut [0; 32]).unwrap();
    assert_eq!(hasher.memory_kib(), 7_168, "the memory is kept");
    assert_eq!(found(&samples), 0, "blocks are left after the hash");
    hasher.release_memory();
    assert_eq!(found(&samples), 0, "blocks are left after the release");
}
