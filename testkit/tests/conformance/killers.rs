//! Which check is there for which bug.

use pinlatch_testkit::shelf::Bug;

/// The check that has to find a bug, whatever others find it as well.
pub(crate) const fn killer(bug: Bug) -> &'static str {
    match bug {
        Bug::NoVersionCheck | Bug::ConflictSaysApplied | Bug::RefusalIsKept => "a_stale_version_is_refused",
        Bug::CheckThenWrite | Bug::LockPerHandle => "nothing_comes_between_compare_and_write",
        Bug::UpdateCreates | Bug::ZeroMeansAbsent => "an_update_does_not_create",
        Bug::CreateOverwrites => "create_does_not_overwrite",
        Bug::NewerIsAccepted | Bug::ComparesThirtyTwoBits => "a_version_never_made_is_refused",
        Bug::OlderIsAccepted => "every_older_version_is_refused",
        Bug::ComparesWithItsMemory | Bug::RemembersAbsence => "another_handles_write_makes_ours_stale",
        Bug::OwnCreationUnseen | Bug::AppliedSaysOldVersion | Bug::ReadsOneWriteBack | Bug::KeysFolded => {
            "a_write_is_read_back"
        }
        Bug::LostReplySaysApplied | Bug::LostReplySaysFailed => "a_lost_reply_is_unknown",
        Bug::LostRequestSaysApplied => "a_lost_request_is_not_applied",
        Bug::ErrorReadsAsAbsent | Bug::ErrorReadsFromMemory | Bug::QueuedWhileDown => {
            "a_store_that_is_down_says_so"
        }
        Bug::MissingReadsAsEmpty => "an_absent_record_loads_as_none",
        Bug::RestartsAfterDelete | Bug::HighestPlusOne => "versions_go_on_after_a_delete",
        Bug::CoarseClock | Bug::WrapsAtEightBits => "quick_writes_get_different_versions",
        Bug::FineClock => "versions_do_not_follow_the_clock",
        Bug::HashOfBytes => "versions_do_not_follow_the_bytes",
        Bug::WrapsAtSixteenBits | Bug::WrapsAtThirtyTwoBits | Bug::FloatingPoint => "versions_do_not_wrap",
        Bug::RestartsAtReopen | Bug::LastWriteLost => "an_applied_write_survives_a_crash",
        Bug::RevisionOfTheEngine => "versions_belong_to_their_key",
        Bug::LaggingReplica
        | Bug::CacheNotInvalidated
        | Bug::CacheHearsOwnWritesOnly
        | Bug::LoadsRememberAbsence
        | Bug::WriteBehind => "another_handle_sees_every_write",
        Bug::TornRead => "a_load_is_of_one_moment",
        Bug::BytesBeforeVersion | Bug::VersionBeforeBytes | Bug::PartialWrite => {
            "a_write_is_whole_or_not_at_all"
        }
        Bug::Evicts => "nothing_is_evicted",
        Bug::Expires | Bug::CollectedEarly => "nothing_expires",
        Bug::DeleteIgnoresVersion => "a_stale_delete_is_refused",
        Bug::KeysTruncated | Bug::PrefixShared | Bug::KindIgnored => "keys_are_told_apart",
        Bug::ValuesAsText | Bug::ValuesTrimmed => "any_bytes_are_kept",
        Bug::LargeValuesCut | Bug::LargeValuesDropped | Bug::TailKept => "the_largest_record_is_kept",
        Bug::RefusalRaisesVersion => "a_refused_write_leaves_no_trace",
        Bug::EventsDropped | Bug::EventsOfRefusalKept | Bug::EventsTwice => {
            "events_are_kept_with_their_write_or_not_at_all"
        }
        Bug::NamespaceIgnored => "stores_are_independent",
        _ => "",
    }
}
