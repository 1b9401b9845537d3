//! 64 wrong PINs at once, through two handles.

use pinlatch_stores::mariadb::MariaDbStore;

use crate::servers::{common, database};
use crate::shared;

#[test]
fn five_of_64_are_compared() {
    let Some(server) = common() else { return };
    shared::runtime().block_on(async {
        let url = database(&server, server.address()).await;
        let handles = [MariaDbStore::open(&url).await.unwrap(), MariaDbStore::open(&url).await.unwrap()];
        shared::guessing::five_of_64_are_compared(handles).await;
    });
}
