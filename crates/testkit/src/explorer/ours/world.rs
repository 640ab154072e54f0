//! A device and what runs on it.

use std::sync::Arc;

use patchproof_lifecycle::{
    Content, GenerationId, Offer, ProcessSlot, QueuedKind, ReleaseKey, State, Validity,
};

use super::alike::{encode_token, swap_tokens};

/// All there is to know at one moment.
#[derive(Clone, Default)]
pub(super) struct World {
    /// What the slots of the state hold; commits are atomic here.
    pub(super) disk: State,
    /// The folder of each content.
    pub(super) folders: [Folder; CONTENTS],
    /// Two processes, each in the slot of its number.
    pub(super) processes: [Process; 2],
    /// Which release is installed.
    pub(super) release: u8,
    /// Ghosts: what was known bad and withdrawn after the last operation that returned.
    pub(super) ghost: Ghost,
    /// What bounds the world.
    pub(super) bounds: Setting,
    /// What is wrong; nothing follows.
    pub(super) broken: Option<&'static str>,
}

/// What bounds a world.
#[derive(Clone, Copy, Default, Hash, PartialEq, Eq)]
pub(super) struct Setting {
    /// How many processes may live at once.
    pub(super) processes: u8,
    /// Rare events that may still come in this history.
    pub(super) rare: u8,
    /// Which of the first eight of [`OFFERS`] are made, a bit each.
    pub(super) offers: u8,
}

/// What the world remembers of what was acknowledged, apart from the state.
#[derive(Clone, Copy, Default, Hash, PartialEq, Eq)]
pub(super) struct Ghost {
    /// A bit for each content.
    pub(super) known_bad: u8,
    /// A bit for each number that the newest answer withdrew.
    pub(super) withdrawn: u8,
}

/// A generation's folder.
#[derive(Clone, Copy, Default, Hash, PartialEq, Eq)]
pub(super) enum Folder {
    /// Not there.
    #[default]
    Gone,
    /// As its manifest says.
    Whole,
    /// Rotten.
    Damaged,
}

/// A place for a process.
#[derive(Clone, Default, Hash, PartialEq, Eq)]
pub(super) enum Process {
    /// Nobody, and nothing to settle.
    #[default]
    Absent,
    /// It ended, and its boot is not settled.
    Ended {
        /// What the engine really loaded, if it came to that.
        ran: Option<u8>,
        /// Whether the platform may say that it crashed.
        may_have_crashed: bool,
    },
    /// It could not have the lock, has read the state and decided; it did not look yet.
    Peeking(Snapshot),
    /// It runs.
    Running(Running),
}

/// The state as a process without the lock has it in memory.
#[derive(Clone)]
pub(super) struct Snapshot(pub(super) Arc<State>);

/// A process that runs.
#[derive(Clone, Copy, Hash, PartialEq, Eq)]
pub(super) struct Running {
    /// Of which release it is.
    pub(super) release: u8,
    /// What it booted; none is the bundled release.
    pub(super) boot: Option<u8>,
    /// Whether its token was written: without one it has nothing to report on.
    pub(super) guarded: bool,
    /// What it has fetched, verified and staged: an index of [`OFFERS`].
    pub(super) fetched: Option<u8>,
}

/// Contents: so many folders; the last is the patch that an honest server makes in the end.
pub(super) const CONTENTS: usize = 5;
/// The content of the patch that is made in the end.
pub(super) const FRESH: u8 = 4;

/// A patch on the server: release, number, content.
pub(super) type Published = (u8, u64, u8);

/// What the server may offer; the last two in the end alone.
pub(super) const OFFERS: [Published; 10] = [
    (1, 1, 2),
    (0, 1, 0),
    (0, 2, 1),
    (0, 1, 1),
    (0, 3, 0),
    (0, 3, 3),
    (0, 2, 3),
    (0, 2, 0),
    (0, 9, FRESH),
    (1, 9, FRESH),
];

/// The epoch of the data that each content writes, and the newest that it can read.
pub(super) const EPOCHS: [(u32, u32); CONTENTS] = [(0, 0), (1, 1), (0, 0), (0, 1), (9, 9)];

impl Process {
    pub(super) fn is_alive(&self) -> bool {
        matches!(self, Self::Peeking(_) | Self::Running(_))
    }

    pub(super) fn running(&self) -> Option<Running> {
        match self {
            Self::Running(running) => Some(*running),
            _ => None,
        }
    }
}

impl World {
    /// Maps what no decision depends on to one value each, so that worlds that behave alike are
    /// one.
    pub(super) fn normalise(&mut self) {
        normalise(&mut self.disk);
        for (slot, process) in (0..).zip(&mut self.processes) {
            let has_token = self.disk.tokens.contains_key(&ProcessSlot(slot));
            if matches!(process, Process::Ended { .. }) && !has_token {
                *process = Process::Absent;
            }
        }
        self.order();
    }

    /// The two processes are alike: which has which slot makes no difference. What runs comes
    /// first.
    fn order(&mut self) {
        let key = |process: &Process, state: &State, slot: u8| {
            let mut bytes = Vec::with_capacity(16);
            bytes.push(match process {
                Process::Absent => 0,
                Process::Ended {
                    may_have_crashed, ..
                } => 1 + u8::from(*may_have_crashed),
                Process::Peeking(_) => 3,
                Process::Running(_) => 4,
            });
            if let Process::Running(running) = process {
                let boot = running.boot.unwrap_or(u8::MAX);
                let fetched = running.fetched.unwrap_or(u8::MAX);
                bytes.extend([running.release, boot, fetched, u8::from(running.guarded)]);
            }
            if let Process::Ended { ran, .. } = process {
                bytes.push(ran.unwrap_or(u8::MAX));
            }
            encode_token(state, slot, &mut bytes);
            bytes
        };
        let [first, second] = &self.processes;
        if key(second, &self.disk, 1) > key(first, &self.disk, 0) {
            self.processes.swap(0, 1);
            swap_tokens(&mut self.disk);
            for process in &mut self.processes {
                if let Process::Peeking(snapshot) = process {
                    swap_tokens(Arc::make_mut(&mut snapshot.0));
                }
            }
        }
    }
}

/// Of the queue its length, of tokens neither number nor attempt nor process.
pub(super) fn normalise(state: &mut State) {
    let count = u64::try_from(state.queue.events.len()).unwrap_or(u64::MAX);
    state.queue.next_id = count;
    state.queue.dropped = 0;
    for (id, event) in (0..).zip(&mut state.queue.events) {
        event.id = id;
        event.kind = QueuedKind::Installed;
        event.release = release_key(0);
        event.generation = generation(0);
        event.number = 0;
        event.at_ms = 0;
    }
    for token in state.tokens.values_mut() {
        token.number = 0;
        token.attempt = 0;
        token.process = 0;
    }
}

pub(super) fn release_key(release: u8) -> ReleaseKey {
    ReleaseKey::of_bytes([release; 32])
}

pub(super) fn generation(content: u8) -> GenerationId {
    GenerationId::of_bytes([content; 32])
}

/// The content's index.
pub(super) fn content_of(id: &GenerationId) -> u8 {
    id.bytes().first().copied().unwrap_or_default()
}

/// An offer that may be installed from 1 to before 2, by the clock of three values.
pub(super) fn offer(index: u8) -> (ReleaseKey, Offer) {
    let published = OFFERS.get(usize::from(index));
    let (release, number, content) = published.copied().unwrap_or_default();
    let epochs = EPOCHS.get(usize::from(content));
    let (data_epoch, reads_data_epoch) = epochs.copied().unwrap_or_default();
    let offer = Offer {
        number,
        content: Content {
            id: generation(content),
            data_epoch,
            reads_data_epoch,
        },
        validity: Validity {
            from_ms: Some(1),
            until_ms: Some(2),
        },
    };
    (release_key(release), offer)
}
