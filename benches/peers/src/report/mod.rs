//! The table, the plots, and the page that carries both.

mod machine;
mod page;
mod plots;
mod table;

pub use page::write;
pub use table::table;
