//! Numbers of public enums without data, frozen.

/// Gives each member of a public enum the number under which it is stored, and reads it back.
macro_rules! numbered {
    ($live:ident, $write:ident, $read:ident { $($name:ident = $number:literal),* $(,)? }) => {
        pub(super) fn $write(out: &mut Writer<'_>, live: $live) {
            out.byte(match live {
                $($live::$name => $number),*
            });
        }

        pub(super) fn $read(from: &mut Reader<'_>) -> Option<$live> {
            match from.byte()? {
                $($number => Some($live::$name),)*
                _ => None,
            }
        }
    };
}
pub(super) use numbered;
