//! What a person who looks for the reason is told: what was seen, and what to do about it.

use patchproof_lifecycle::{BadReason, Dropped, GenerationId, Note, SetAsideReason};
use patchproof_storage::StorageError;

use crate::in_words::in_words;

/// One thing worth telling.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Notice {
    /// The lifecycle decided something.
    Decided(Note),
    /// One of the two slots of the state is damaged; the other one counts, and may be older.
    SlotDamaged {
        /// Which.
        slot: &'static str,
        /// What gave it away.
        reason: String,
    },
    /// A whole slot holds no document that this version knows.
    DocumentUnreadable {
        /// What is wrong with it.
        reason: String,
    },
    /// The disk failed; what was to be written or read is in the words.
    DiskFailed {
        /// In words.
        reason: String,
    },
    /// A whole generation does not boot, as nobody whose word counts vouches for it any more.
    NotVouched {
        /// Which.
        id: GenerationId,
        /// In words.
        reason: String,
    },
    /// A patch against the library that runs was not to be had, or gave something else; the one
    /// against the release was asked for. Nothing is held against the patch.
    DeltaFailed {
        /// In words.
        reason: String,
    },
    /// Another process was at work in the device's folder all the while.
    Busy,
    /// So many processes of the app live that there is no slot for this one.
    NoProcessSlot,
    /// More steps than any start takes: a bug of ours. The bundled release boots.
    TooManySteps,
}

impl Notice {
    /// A word for it that never changes.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Decided(note) => id_of(note),
            Self::SlotDamaged { .. } => "slot_damaged",
            Self::DocumentUnreadable { .. } => "document_unreadable",
            Self::DiskFailed { .. } => "disk_failed",
            Self::NotVouched { .. } => "not_vouched",
            Self::DeltaFailed { .. } => "delta_failed",
            Self::Busy => "busy",
            Self::NoProcessSlot => "no_process_slot",
            Self::TooManySteps => "too_many_steps",
        }
    }

    /// What was seen.
    #[must_use]
    pub fn symptom(&self) -> String {
        match self {
            Self::Decided(note) => symptom_of(note),
            Self::SlotDamaged { slot, reason } => {
                format!("{slot} of the state is damaged ({reason}); the other slot counts")
            }
            Self::DocumentUnreadable { reason } => {
                format!("the state is nothing that this version can read ({reason})")
            }
            Self::DiskFailed { reason } => format!("the disk failed: {reason}"),
            Self::NotVouched { id, reason } => {
                format!("{id} does not boot, it is not vouched for: {reason}")
            }
            Self::DeltaFailed { reason } => {
                format!("the patch against the library that runs did not do: {reason}")
            }
            Self::Busy => {
                "another process held the device's folder; nothing was written".to_owned()
            }
            Self::NoProcessSlot => {
                "too many processes of the app live at once; this one boots unguarded".to_owned()
            }
            Self::TooManySteps => "a start took more steps than there are".to_owned(),
        }
    }

    /// What to do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Decided(note) => remedy_of(note),
            Self::SlotDamaged { .. } => "nothing; the next change writes it anew",
            Self::DocumentUnreadable { .. } => {
                "nothing; the next update check begins anew. After a downgrade of the app this is \
                 expected"
            }
            Self::DiskFailed { .. } => "free some space, and look whether the disk is failing",
            Self::NotVouched { .. } => {
                "nothing if it was revoked; else sign the patch, or look who changed the files"
            }
            Self::DeltaFailed { .. } => {
                "nothing; the patch against the release is taken. If many devices say so, make the \
                 delta anew"
            }
            Self::Busy => "nothing, unless it stays: then look for a process of the app that hangs",
            Self::NoProcessSlot => "start fewer processes that load the app's Dart code",
            Self::TooManySteps => "report this as a bug of Patchproof",
        }
    }
}

impl From<Note> for Notice {
    fn from(note: Note) -> Self {
        Self::Decided(note)
    }
}

impl From<&StorageError> for Notice {
    fn from(error: &StorageError) -> Self {
        let reason = error.to_string();
        Self::DiskFailed { reason }
    }
}

impl std::fmt::Display for Notice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.symptom(), self.remedy())
    }
}

const fn id_of(note: &Note) -> &'static str {
    match note {
        Note::Dropped { .. } => "dropped",
        Note::NotTaken { .. } => "not_taken",
        Note::FellBack { .. } => "fell_back",
        Note::Unguarded { .. } => "unguarded",
        Note::NotBootedUnguarded { .. } => "not_booted_unguarded",
        Note::StateLost => "state_lost",
        Note::EventsDropped { .. } => "events_dropped",
        Note::EventsRefused { .. } => "events_refused",
        Note::WordsForgotten { .. } => "words_forgotten",
        _ => "decided",
    }
}

fn symptom_of(note: &Note) -> String {
    match note {
        Note::Dropped { number, why, .. } => {
            format!("patch {number} does not boot: {}", dropped_in_words(*why))
        }
        Note::NotTaken { number, why, .. } => {
            format!("patch {number} is not taken: {}", in_words(*why))
        }
        Note::FellBack { number, .. } => {
            format!("a newer patch failed; patch {number}, proven before, boots")
        }
        Note::Unguarded { .. } => {
            "the state cannot be written; a proven patch boots without a token".to_owned()
        }
        Note::NotBootedUnguarded { .. } => {
            "the state cannot be written; a patch that is not proven does not boot".to_owned()
        }
        Note::StateLost => "both slots of the state were unreadable".to_owned(),
        Note::EventsDropped { count } => format!("{count} events were dropped unsent"),
        Note::EventsRefused { count } => {
            format!("the server refused {count} events; they were dropped")
        }
        Note::WordsForgotten { count } => {
            format!("{count} words on other releases were forgotten, as there were too many")
        }
        other => format!("{other:?}"),
    }
}

const fn remedy_of(note: &Note) -> &'static str {
    match note {
        Note::Dropped { why, .. } => remedy_of_drop(*why),
        Note::NotTaken { .. } => "publish another patch if it should be taken",
        Note::FellBack { .. } => "look into the crash of the newer patch, and publish a mended one",
        Note::Unguarded { .. } | Note::NotBootedUnguarded { .. } => {
            "free some space, or give the app a folder that it may write to"
        }
        Note::StateLost => {
            "nothing; the next update check begins anew. If it recurs, the disk fails"
        }
        Note::EventsDropped { .. } => {
            "let the app send its events more often; nothing where it asks files alone, which take \
             no events"
        }
        Note::EventsRefused { .. } => "see the server's log for why it refuses them",
        _ => "nothing",
    }
}

const fn dropped_in_words(why: Dropped) -> &'static str {
    match why {
        Dropped::KnownBad(BadReason::Crashed) => "it crashed",
        Dropped::KnownBad(BadReason::Reported) => "the app or the engine reported that it failed",
        Dropped::KnownBad(_) => "it is known to be bad",
        Dropped::SetAside(SetAsideReason::UnfinishedBoots) => {
            "its boots ended without success too often in a row"
        }
        Dropped::SetAside(_) => "it is set aside",
        Dropped::RolledBack => "the server withdrew it",
        Dropped::OtherRelease => "it was made for another release than the one installed now",
        Dropped::BelowFloor => "its number is below what signed words allow",
        Dropped::Damaged => "its files are not what they were",
        Dropped::Missing => "its files are gone",
        Dropped::Forbidden => "nobody whose word counts vouches for it any more",
        Dropped::Unreadable => "its files cannot be read now",
        Dropped::DataEpoch => "it cannot read the data that a newer patch may have written",
        _ => "the lifecycle dropped it",
    }
}

const fn remedy_of_drop(why: Dropped) -> &'static str {
    match why {
        Dropped::KnownBad(_) => {
            "mend the crash and publish a new patch; the same bytes stay banned"
        }
        Dropped::SetAside(_) => "publish a patch with a higher number; it is tried again then",
        Dropped::Damaged | Dropped::Missing => {
            "nothing; it is fetched again. If it recurs, the disk fails or a cleaner removes files"
        }
        Dropped::Forbidden => "nothing if it was revoked; else sign the patch anew",
        Dropped::Unreadable => {
            "look whether the disk is failing; it is tried again at the next start"
        }
        Dropped::DataEpoch => "publish a patch that declares that it reads the newer data",
        _ => "nothing; this is as it should be",
    }
}
