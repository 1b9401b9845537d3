//! The few shapes of which records are made, in the wire format of postcard 1: numbers as varints,
//! fixed arrays as they are, an option as 0 or 1 before its value, a list and a text behind their
//! length.
//!
//! By hand, because an account is read at every request: fixed arrays are taken whole, where a reader
//! derived by serde takes them byte by byte and by way of a second set of structures. Tests read
//! and write the same bytes with the `postcard` crate. What reads is strict: a number has one form,
//! a flag is 0 or 1, and nothing may be left over.

#![allow(clippy::inline_always, reason = "kept in registers, a record is read in half the time")]

use alloc::vec::Vec;

use crate::time::{Moment, Timestamp};

/// Entries for which room is made at once, however long a list says it is.
const ROOM: usize = 64;

/// What has not been read yet. Every method answers `None` if the bytes are not of that shape.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What is left.
    pub(super) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline(always)]
    pub(super) fn array<const N: usize>(&mut self) -> Option<&'a [u8; N]> {
        let (array, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(array)
    }

    #[inline(always)]
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| *byte)
    }

    #[inline(always)]
    pub(super) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    /// Seven bits a byte, the lowest first; the highest bit says that more follow.
    #[inline(always)]
    pub(super) fn number(&mut self) -> Option<u64> {
        match self.byte()? {
            byte @ 0..0x80 => Some(u64::from(byte)),
            byte => self.long_number(byte),
        }
    }

    /// Two bytes and more.
    #[inline(always)]
    fn long_number(&mut self, first: u8) -> Option<u64> {
        let mut number = u64::from(first & 0x7f);
        let mut rest = self.rest;
        for shift in [7, 14, 21, 28, 35, 42, 49, 56, 63] {
            let (byte, behind) = rest.split_first()?;
            rest = behind;
            number |= u64::from(byte & 0x7f).wrapping_shl(shift);
            if byte & 0x80 == 0 {
                self.rest = rest;
                let (is_shortest, fits) = (*byte != 0, shift < 63 || *byte <= 1);
                return (is_shortest && fits).then_some(number);
            }
        }
        None
    }

    #[inline(always)]
    pub(super) fn time(&mut self) -> Option<Timestamp> {
        self.number().map(Timestamp::from_unix_millis)
    }

    /// A number of 128 bits, in the same form.
    pub(super) fn moment(&mut self) -> Option<Moment> {
        let (mut number, mut rest) = (0_u128, self.rest);
        for shift in (0..128).step_by(7) {
            let (byte, behind) = rest.split_first()?;
            rest = behind;
            number |= u128::from(byte & 0x7f).wrapping_shl(shift);
            if byte & 0x80 == 0 {
                self.rest = rest;
                // 18 bytes of seven bits, and two bits more.
                let (is_shortest, fits) = (shift == 0 || *byte != 0, shift < 126 || *byte <= 0b11);
                return (is_shortest && fits).then_some(Moment::from_millis(number));
            }
        }
        None
    }

    #[inline]
    pub(super) fn number_32(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    /// The sign in the lowest bit.
    pub(super) fn signed(&mut self) -> Option<i16> {
        let zigzag = self.number()?;
        let magnitude = i16::try_from(zigzag >> 1).ok()?;
        Some(if zigzag & 1 == 0 { magnitude } else { !magnitude })
    }

    /// `Some(None)` for the option without a value.
    #[inline(always)]
    #[allow(clippy::option_option, reason = "the outer one is for bytes of another shape")]
    pub(super) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    /// The length of a list of `most` entries at most.
    #[inline]
    pub(super) fn length(&mut self, most: usize) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|length| *length <= most)
    }

    /// A list of `most` entries at most.
    #[inline(always)]
    pub(super) fn list<T>(
        &mut self,
        most: usize,
        mut read: impl FnMut(&mut Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let length = self.length(most)?;
        let mut list = Vec::with_capacity(length.min(ROOM));
        for _ in 0..length {
            list.push(read(self)?);
        }
        Some(list)
    }

    /// The bytes of a text.
    #[inline]
    pub(super) fn text(&mut self) -> Option<&'a [u8]> {
        let length = self.length(self.rest.len())?;
        let (text, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(text)
    }
}

/// Appends what [`Reader`] reads.
pub(super) struct Writer<'a>(pub(super) &'a mut Vec<u8>);

impl Writer<'_> {
    #[inline(always)]
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    pub(super) fn flag(&mut self, flag: bool) {
        self.byte(u8::from(flag));
    }

    pub(super) fn number(&mut self, number: u64) {
        let mut left = number;
        loop {
            let [low, ..] = left.to_le_bytes();
            left >>= 7;
            if left == 0 {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }

    pub(super) fn time(&mut self, time: Timestamp) {
        self.number(time.as_unix_millis());
    }

    pub(super) fn moment(&mut self, moment: Moment) {
        let mut left = moment.number();
        loop {
            let [low, ..] = left.to_le_bytes();
            left >>= 7;
            if left == 0 {
                return self.byte(low & 0x7f);
            }
            self.byte(low | 0x80);
        }
    }

    pub(super) fn signed(&mut self, number: i16) {
        let magnitude = if number < 0 { !number } else { number };
        self.number(u64::from(magnitude.unsigned_abs()) << 1 | u64::from(number < 0));
    }

    pub(super) fn length(&mut self, length: usize) {
        self.number(u64::try_from(length).unwrap_or(u64::MAX));
    }

    pub(super) fn option<T>(&mut self, option: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(option.is_some());
        if let Some(value) = option {
            write(self, value);
        }
    }

    pub(super) fn text(&mut self, text: &str) {
        self.length(text.len());
        self.bytes(text.as_bytes());
    }
}
