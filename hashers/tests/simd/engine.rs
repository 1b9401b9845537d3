//! The crate `argon2-rust` as this package builds it, also where pinlatch never goes: several lanes, associated
//! data, other lengths, little memory.

use argon2_rust::params::{Memory, TagLen};
use argon2_rust::{Algorithm, Argon2, Hasher, Params, Version};
use proptest::prelude::*;

/// All that Argon2id takes.
#[derive(Clone, Debug)]
struct Input {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    password: Vec<u8>,
    salt: Vec<u8>,
    secret: Vec<u8>,
    data: Vec<u8>,
    length: usize,
}

impl Input {
    /// By `argon2-rust`, in the memory that the hash before has left.
    fn by_simd(&self, hasher: &mut Hasher) -> Vec<u8> {
        let params = Params::builder()
            .memory(Memory::kib(self.memory_kib.into()))
            .passes(self.passes)
            .lanes(self.lanes)
            .tag_len(TagLen::bytes(self.length as u64))
            .build()
            .unwrap();
        hasher.set_argon2(Argon2::new(Algorithm::Argon2id, Version::V0x13, params));
        let mut out = vec![0; self.length];
        hasher.hash_into_with_ad(&self.password, &self.salt, &self.secret, &self.data, &mut out).unwrap();
        out
    }

    /// By the `argon2` crate.
    fn by_default(&self) -> Vec<u8> {
        let mut params = argon2::ParamsBuilder::new();
        params.m_cost(self.memory_kib).t_cost(self.passes).p_cost(self.lanes).output_len(self.length);
        params.data(argon2::AssociatedData::new(&self.data).unwrap());
        let (id, version) = (argon2::Algorithm::Argon2id, argon2::Version::V0x13);
        let params = params.build().unwrap();
        let argon2 = argon2::Argon2::new_with_secret(&self.secret, id, version, params).unwrap();
        let mut out = vec![0; self.length];
        argon2.hash_password_into(&self.password, &self.salt, &mut out).unwrap();
        out
    }
}

fn hasher() -> Hasher {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT).hasher()
}

#[test]
fn the_test_vector_of_rfc_9106_section_5_3() {
    let input = Input {
        memory_kib: 32,
        passes: 3,
        lanes: 4,
        password: vec![1; 32],
        salt: vec![2; 16],
        secret: vec![3; 8],
        data: vec![4; 12],
        length: 32,
    };
    let tag = [
        0x0d, 0x64, 0x0d, 0xf5, 0x8d, 0x78, 0x76, 0x6c, 0x08, 0xc0, 0x37, 0xa3, 0x4a, 0x8b, 0x53, 0xc9, 0xd0,
        0x1e, 0xf0, 0x45, 0x2d, 0x75, 0xb6, 0x5e, 0xb5, 0x25, 0x20, 0xe9, 0x6b, 0x01, 0xe6, 0x59,
    ];
    assert_eq!(input.by_simd(&mut hasher()), tag);
    assert_eq!(input.by_default(), tag, "the one compared with computes Argon2id too");
}

fn bytes(least: usize, most: usize) -> impl Strategy<Value = Vec<u8>> {
    proptest::collection::vec(any::<u8>(), least..=most)
}

fn inputs() -> impl Strategy<Value = Input> {
    let cost = (1_u32..=5, 1_u32..=5, 0_u32..=300);
    // 32 bytes are the most that the `argon2` crate takes as associated data.
    (cost, bytes(0, 200), bytes(8, 64), bytes(0, 128), bytes(0, 32), 4_usize..=200).prop_map(
        |((lanes, passes, more), password, salt, secret, data, length)| Input {
            memory_kib: 8 * lanes + more,
            passes,
            lanes,
            password,
            salt,
            secret,
            data,
            length,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn it_agrees_with_the_argon2_crate_whatever_was_hashed_there_before(
        several in proptest::collection::vec(inputs(), 1..=8),
    ) {
        let mut hasher = hasher();
        for input in several {
            prop_assert_eq!(input.by_simd(&mut hasher), input.by_default(), "{:?}", input);
        }
    }
}
