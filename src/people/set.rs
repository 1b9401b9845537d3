//! One definition of each kind of set: bits for services and roles, a sorted list for functions and rights.

/// Defines a `Copy` set whose members are one bit each. The member type has `const fn bit`, and
/// `$every` iterates over all members in the order in which the set is iterated.
macro_rules! set_of {
    ($(#[$doc:meta])* $set:ident of $member:ident, every $every:expr) => {
        $(#[$doc])*
        ///
        /// With the feature `serde` it is the list of its members, in any order when read.
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct $set(u32);

        impl $set {
            /// The empty set.
            pub const EMPTY: Self = Self(0);

            /// The set of these members.
            #[must_use]
            pub const fn of(members: &[$member]) -> Self {
                let mut set = Self::EMPTY;
                let mut left = members;
                while let [first, rest @ ..] = left {
                    set = set.with(*first);
                    left = rest;
                }
                set
            }

            /// This set with `member` in it.
            #[must_use]
            pub const fn with(self, member: $member) -> Self {
                Self(self.0 | member.bit())
            }

            /// This set with `member` not in it.
            #[must_use]
            pub const fn without(self, member: $member) -> Self {
                Self(self.0 & !member.bit())
            }

            /// What is in either set.
            #[must_use]
            pub const fn union(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }

            /// What is in both sets.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// Whether `member` is in this set.
            #[must_use]
            pub const fn contains(self, member: $member) -> bool {
                self.0 & member.bit() != 0
            }

            /// Whether every member of this set is in `other` too.
            #[must_use]
            pub const fn is_subset(self, other: Self) -> bool {
                self.0 & !other.0 == 0
            }

            /// Whether nothing is in this set.
            #[must_use]
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// The members, each once, in the order of their definition.
            pub fn iter(self) -> impl Iterator<Item = $member> {
                $every.filter(move |member| self.contains(*member))
            }
        }

        impl FromIterator<$member> for $set {
            fn from_iter<T: IntoIterator<Item = $member>>(members: T) -> Self {
                members.into_iter().fold(Self::EMPTY, Self::with)
            }
        }

        impl core::fmt::Debug for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }

        // The list of the members, so that a stored set does not depend on the numbers of bits.
        #[cfg(feature = "serde")]
        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let members: alloc::vec::Vec<$member> = self.iter().collect();
                members.serialize(serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let members = alloc::vec::Vec::<$member>::deserialize(deserializer)?;
                Ok(members.into_iter().collect())
            }
        }
    };
}

/// Defines a set kept as a sorted list, for members of which there is no end: a host adds functions of
/// its own (D32). Looking a member up allocates nothing.
macro_rules! sorted_set_of {
    ($(#[$doc:meta])* $set:ident of $member:ident) => {
        $(#[$doc])*
        ///
        /// With the feature `serde` it is the list of its members, in any order when read.
        #[derive(Clone, Default, PartialEq, Eq, Hash)]
        pub struct $set(alloc::vec::Vec<$member>);

        impl $set {
            /// The empty set.
            pub const EMPTY: Self = Self(alloc::vec::Vec::new());

            /// The set of these members.
            #[must_use]
            pub fn of(members: &[$member]) -> Self {
                members.iter().copied().collect()
            }

            /// This set with `member` in it.
            #[must_use]
            pub fn with(mut self, member: $member) -> Self {
                if let Err(place) = self.0.binary_search(&member) {
                    self.0.insert(place, member);
                }
                self
            }

            /// This set with `member` not in it.
            #[must_use]
            pub fn without(mut self, member: $member) -> Self {
                self.0.retain(|known| *known != member);
                self
            }

            /// What is in either set.
            #[must_use]
            pub fn union(self, other: &Self) -> Self {
                other.iter().fold(self, Self::with)
            }

            /// What is in both sets.
            #[must_use]
            pub fn intersection(mut self, other: &Self) -> Self {
                self.0.retain(|member| other.contains(*member));
                self
            }

            /// Whether `member` is in this set.
            #[must_use]
            pub fn contains(&self, member: $member) -> bool {
                self.0.binary_search(&member).is_ok()
            }

            /// Whether every member of this set is in `other` too.
            #[must_use]
            pub fn is_subset(&self, other: &Self) -> bool {
                self.iter().all(|member| other.contains(member))
            }

            /// Whether nothing is in this set.
            #[must_use]
            pub const fn is_empty(&self) -> bool {
                self.0.is_empty()
            }

            /// How many members this set has.
            #[must_use]
            pub const fn size(&self) -> usize {
                self.0.len()
            }

            /// The members, each once, in the order of their definition.
            pub fn iter(&self) -> impl Iterator<Item = $member> + '_ {
                self.0.iter().copied()
            }
        }

        impl FromIterator<$member> for $set {
            fn from_iter<T: IntoIterator<Item = $member>>(members: T) -> Self {
                let mut members: alloc::vec::Vec<$member> = members.into_iter().collect();
                members.sort_unstable();
                members.dedup();
                Self(members)
            }
        }

        impl core::fmt::Debug for $set {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $set {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.0.serialize(serializer)
            }
        }

        #[cfg(feature = "serde")]
        impl<'de> serde::Deserialize<'de> for $set {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let members = alloc::vec::Vec::<$member>::deserialize(deserializer)?;
                Ok(members.into_iter().collect())
            }
        }
    };
}

pub(crate) use {set_of, sorted_set_of};
