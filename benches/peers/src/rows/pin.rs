//! Argon2id with one lane: ours, and other implementations of the same function.
//!
//! All of them compute the same hash, which is looked at before anything is timed. Ours wipes its
//! working memory, as argon2-rust does and libargon2 does by default; the argon2 crate by itself
//! does not. A pepper is left out, because not everybody takes one.

use std::cell::RefCell;
use std::ffi::c_int;
use std::hint::black_box;
use std::ptr;

use pinlatch::pin::{Argon2id, HashInput, HashParams, PinHasher, PooledArgon2id};
use pinlatch_hashers::SimdArgon2id;

use crate::harness::{Contestant, Settings, Side};
use crate::row::{Group, Row, time};

const SALT: [u8; 16] = [7; 16];
const MESSAGE: &[u8] = b"284917";

/// Both rows. `around` is a wrong PIN through the gate with a hasher that does nothing.
pub fn rows(settings: Settings, around: &Row) -> Vec<Row> {
    let mut usual = row(settings, "Argon2id, 19 MiB, 2 passes", HashParams::DEFAULT);
    let share = around.ours().nanoseconds() / usual.ours().nanoseconds();
    let value = format!("{:.3} % ({} around it)", share * 100.0, time(around.ours().nanoseconds()));
    usual.judge("ours around the hash ≤ 0.1 % of it".into(), value, share <= 0.001);
    let mut rows = vec![usual];
    if !settings.quick {
        rows.push(row(settings, "Argon2id, 64 MiB, 3 passes", HashParams::STRONG));
    }
    for row in &mut rows {
        let bytes = row.ours().bytes;
        row.judge("0 block allocations".into(), format!("{bytes:.0} bytes a hash"), bytes < 1_024.0);
    }
    rows
}

/// A way to compute the hash.
type Implementation = Box<dyn FnMut(&mut [u8; 32])>;

fn row(settings: Settings, work: &str, params: HashParams) -> Row {
    let implementations: Vec<(Side, &str, Implementation)> = vec![
        (Side::Ours, "pinlatch, pooled", ours(PooledArgon2id::one_per_core(), params)),
        (Side::Peer, "pinlatch, not pooled", ours(Argon2id::new(), params)),
        (Side::Peer, "pinlatch-hashers, pooled", ours(SimdArgon2id::one_per_core(), params)),
        (Side::Peer, "argon2, fresh memory", Box::new(move |out| by_argon2(params, out))),
        (Side::Peer, "argon2, memory reused", by_argon2_reused(params)),
        (Side::Peer, "argon2-rust, fresh memory", by_argon2_rust(params)),
        (Side::Peer, "libargon2 (C, native)", Box::new(move |out| by_c(params, out))),
        (Side::Peer, "libargon2 (C, native), reused", Box::new(move |out| by_c_reused(params, out))),
    ];
    let mut agreed = None;
    let mut contestants = Vec::new();
    for (side, name, mut hash) in implementations {
        let mut out = [0; 32];
        hash(&mut out);
        assert_eq!(out, *agreed.get_or_insert(out), "{name} computes another function");
        contestants.push(Contestant::repeating(side, name, move || {
            hash(black_box(&mut out));
            out
        }));
    }
    contestants.push(memory_traffic(params));
    Row::measure(settings, Group::Pin, work, contestants)
}

fn ours(hasher: impl PinHasher + 'static, params: HashParams) -> Implementation {
    Box::new(move |out| {
        let input = HashInput { params, salt: &SALT, pepper: None, message: black_box(MESSAGE) };
        hasher.hash(&input, out).expect("memory");
    })
}

fn argon2(params: HashParams) -> argon2::Argon2<'static> {
    let cost = argon2::Params::new(params.memory_kib(), params.passes(), 1, Some(32)).expect("in bounds");
    argon2::Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, cost)
}

fn by_argon2(params: HashParams, out: &mut [u8; 32]) {
    argon2(params).hash_password_into(black_box(MESSAGE), &SALT, out).expect("memory");
}

fn by_argon2_reused(params: HashParams) -> Implementation {
    let mut memory = vec![argon2::Block::new(); argon2(params).params().block_count()];
    Box::new(move |out| {
        let hashed =
            argon2(params).hash_password_into_with_memory(black_box(MESSAGE), &SALT, out, &mut memory);
        hashed.expect("memory");
    })
}

fn argon2_rust(params: HashParams) -> argon2_rust::Argon2 {
    let memory = argon2_rust::params::Memory::kib(params.memory_kib().into());
    let cost =
        argon2_rust::Params::builder().memory(memory).passes(params.passes()).build().expect("in bounds");
    argon2_rust::Argon2::new(argon2_rust::Algorithm::Argon2id, argon2_rust::Version::V0x13, cost)
}

fn by_argon2_rust(params: HashParams) -> Implementation {
    let argon2 = argon2_rust(params);
    Box::new(move |out| argon2.hash_into(black_box(MESSAGE), &SALT, out).expect("memory"))
}

#[allow(unsafe_code, reason = "a function in C")]
fn by_c(params: HashParams, out: &mut [u8; 32]) {
    let message = black_box(MESSAGE);
    // SAFETY: the pointers and lengths are those of live slices, none of which overlaps `out`; the
    // function keeps none of them.
    let code = unsafe {
        argon2_sys::argon2id_hash_raw(
            params.passes(),
            params.memory_kib(),
            1,
            message.as_ptr().cast(),
            message.len(),
            SALT.as_ptr().cast(),
            SALT.len(),
            out.as_mut_ptr().cast(),
            out.len(),
        )
    };
    assert_eq!(code, argon2_sys::ARGON2_OK, "libargon2");
}

thread_local! {
    /// What libargon2 fills when it is told where; it wipes it at the end.
    static KEPT: RefCell<Vec<[u64; 128]>> = const { RefCell::new(Vec::new()) };
}

#[allow(unsafe_code, reason = "called from C")]
unsafe extern "C" fn lend_kept(memory: *mut *mut u8, bytes: usize) -> c_int {
    KEPT.with_borrow_mut(|kept| {
        kept.resize(kept.len().max(bytes.div_ceil(1024)), [0; 128]);
        // SAFETY: libargon2 passes a pointer to a variable of its own. Nobody else looks into the blocks
        // before the hash is done, and only this function moves them.
        unsafe { *memory = kept.as_mut_ptr().cast() };
    });
    argon2_sys::ARGON2_OK
}

extern "C" fn keep(_memory: *mut u8, _bytes: usize) {}

#[allow(unsafe_code, reason = "a function in C")]
fn by_c_reused(params: HashParams, out: &mut [u8; 32]) {
    let mut message = black_box(MESSAGE).to_vec();
    let mut salt = SALT;
    let mut context = argon2_sys::Argon2_Context {
        out: out.as_mut_ptr(),
        outlen: 32,
        pwd: message.as_mut_ptr(),
        pwdlen: u32::try_from(message.len()).expect("a short message"),
        salt: salt.as_mut_ptr(),
        saltlen: 16,
        secret: ptr::null_mut(),
        secretlen: 0,
        ad: ptr::null_mut(),
        adlen: 0,
        t_cost: params.passes(),
        m_cost: params.memory_kib(),
        lanes: 1,
        threads: 1,
        version: argon2_sys::ARGON2_VERSION_13,
        allocate_cbk: Some(lend_kept),
        free_cbk: Some(keep),
        flags: argon2_sys::ARGON2_DEFAULT_FLAGS,
    };
    // SAFETY: the pointers and lengths are those of live buffers; one thread, so that the memory lent is
    // this thread's.
    let code = unsafe { argon2_sys::argon2id_ctx(&raw mut context) };
    assert_eq!(code, argon2_sys::ARGON2_OK, "libargon2");
}

/// What the memory alone costs: every block is made of the one before and one somewhere else, as in
/// Argon2, with an exclusive or in place of its compression.
fn memory_traffic(params: HashParams) -> Contestant<'static> {
    let count = params.memory_kib() as usize;
    let mut blocks = vec![[1_u64; 128]; count];
    Contestant::repeating(Side::Floor, "its memory traffic alone", move || {
        let mut previous = blocks[count - 1];
        for _ in 0..params.passes() {
            for index in 0..count {
                let other = blocks[previous[0] as usize % count];
                let block = &mut blocks[index];
                for (word, (left, right)) in block.iter_mut().zip(previous.iter().zip(&other)) {
                    *word ^= left ^ right;
                }
                block[0] = block[0].wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(index as u64);
                previous = *block;
            }
        }
        black_box(previous)
    })
}
