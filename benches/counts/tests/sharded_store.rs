//! What memory and speed are measured with is a store by all the rules.

use pinlatch::host::Blocking;
use pinlatch_counts::sharded_store::ShardedStore;

pinlatch_testkit::store_conformance!(the_sharded_store_keeps_the_rules, || Blocking(ShardedStore::new()));
