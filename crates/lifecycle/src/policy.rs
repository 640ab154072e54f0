//! The numbers that decide; data, not code.

/// How often is too often, and how much is too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_structs,
    reason = "an embedder writes its own policy"
)]
pub struct Policy {
    /// Known crashes after which a generation that was never proven is known bad.
    pub known_crashes_max: u8,
    /// Boots in a row of an unproven generation that end without success, whatever ended them,
    /// after which it is set aside.
    pub unfinished_boots_max: u8,
    /// Of a proven generation: so many known crashes ...
    pub proven_crashes_max: u8,
    /// ... among its last so many boots make it known bad. At most 8.
    pub proven_boots_window: u8,
    /// Downloads of one content that were complete and did not verify, of a patch whose own bytes
    /// no hash covers, after which that content is set aside.
    pub failed_downloads_max: u8,
    /// Events that wait to be sent; beyond it the oldest go, counted.
    pub queue_max: u16,
    /// Milliseconds after which a waiting event is dropped, counted.
    pub queued_age_max_ms: u64,
    /// Known-bad contents that are remembered for the current release. When they are full nothing
    /// installs any more on this release.
    pub known_bad_max: u16,
    /// Known-bad contents of other releases that are remembered for a return to them, in all.
    pub known_bad_elsewhere_max: u16,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            known_crashes_max: 1,
            unfinished_boots_max: 3,
            proven_crashes_max: 3,
            proven_boots_window: 5,
            failed_downloads_max: 3,
            queue_max: 64,
            queued_age_max_ms: 30 * 24 * 60 * 60 * 1000,
            known_bad_max: 256,
            known_bad_elsewhere_max: 256,
        }
    }
}
