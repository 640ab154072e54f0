//! What is worth knowing to be reachable.

use std::sync::atomic::{AtomicU64, Ordering};

use patchproof_lifecycle::{Dropped, Effect, Event, Note, Outcome, Refusal, SetAsideReason};

use super::world::{Folder, Process, World, content_of, generation};

/// What holds in this world.
pub(super) fn interesting(world: &World) -> Vec<&'static str> {
    let disk = &world.disk;
    let running: Vec<_> = world
        .processes
        .iter()
        .filter_map(Process::running)
        .collect();
    let boots: Vec<u8> = running.iter().filter_map(|running| running.boot).collect();
    let proven = |content: &u8| {
        let record = disk.installed.get(&generation(*content));
        record.is_some_and(|record| record.proven)
    };
    let is_recorded = |content: &u8| disk.installed.contains_key(&generation(*content));
    let unguarded = (0..).zip(&world.processes).any(|(slot, process)| {
        let boot = process.running().and_then(|running| running.boot);
        let slot = patchproof_lifecycle::ProcessSlot(slot);
        boot.is_some() && !disk.tokens.contains_key(&slot)
    });
    let known_bad = || disk.words.values().flat_map(|words| words.known_bad.keys());
    let all = [
        ("a proven generation runs", boots.iter().any(proven)),
        ("a generation runs unguarded", unguarded),
        (
            "two processes run two generations",
            matches!(*boots, [a, b] if a != b),
        ),
        (
            "two processes run one generation",
            matches!(*boots, [a, b] if a == b),
        ),
        (
            "a process of the release before runs",
            running.iter().any(|it| it.release != world.release),
        ),
        (
            "what runs was rolled back, banned or set aside",
            boots.iter().any(|content| !is_recorded(content)),
        ),
        ("a content is known bad", known_bad().next().is_some()),
        (
            "all contents of a release are known bad",
            known_bad().count() >= 3,
        ),
        ("a content is set aside", !disk.set_aside.is_empty()),
        ("a download failed", !disk.failed_downloads.is_empty()),
        ("the queue is full", disk.queue.events.len() == 2),
        ("the state is lost", disk.lost),
        (
            "a floor holds",
            disk.words.values().any(|words| words.floor > 0),
        ),
        (
            "a third boot without success may come",
            disk.installed.values().any(|record| record.unfinished == 2),
        ),
        (
            "both processes have fetched",
            running.iter().filter(|it| it.fetched.is_some()).count() == 2,
        ),
        ("what a pointer names has rotted", has_rotted(world)),
        (
            "a candidate waits beside a proven one",
            disk.candidate.is_some() && disk.proven.is_some() && disk.candidate != disk.proven,
        ),
    ];
    let names = all.into_iter().filter(|(_, holds)| *holds);
    names.map(|(name, _)| name).collect()
}

fn has_rotted(world: &World) -> bool {
    let mut pointers = world.disk.candidate.into_iter().chain(world.disk.proven);
    pointers.any(|id| {
        let folder = world.folders.get(usize::from(content_of(&id)));
        folder == Some(&Folder::Damaged)
    })
}

/// Steps at which something was decided, by what; exact though several threads count.
#[derive(Default)]
pub(super) struct Events([AtomicU64; NAMES.len()]);

impl Events {
    /// By name, those that happened.
    pub(super) fn into_counts(self) -> impl Iterator<Item = (&'static str, u64)> {
        let counts = NAMES.into_iter().zip(self.0);
        let counts = counts.map(|(name, count)| (name, count.into_inner()));
        counts.filter(|(_, count)| *count > 0)
    }

    fn add(&self, name: &'static str) {
        let at = NAMES.iter().position(|known| *known == name);
        if let Some(count) = at.and_then(|at| self.0.get(at)) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Counts what was decided at this step.
pub(super) fn count(events: &Events, event: &Event, outcome: &Outcome) {
    for name in outcome.notes.iter().filter_map(name) {
        events.add(name);
    }
    if matches!(event, Event::Installed { .. })
        && matches!(outcome.effects.first(), Some(Effect::Publish(_)))
    {
        events.add("step: installed");
    }
}

fn name(note: &Note) -> Option<&'static str> {
    Some(match note {
        Note::Dropped { why, .. } => match why {
            Dropped::KnownBad(_) => "step: known bad",
            Dropped::SetAside(SetAsideReason::DataEpoch) => {
                "step: set aside, and the older cannot read the data"
            }
            Dropped::SetAside(_) => "step: set aside",
            Dropped::RolledBack => "step: rolled back",
            Dropped::OtherRelease => "step: dropped with its release",
            Dropped::BelowFloor => "step: dropped below the floor",
            Dropped::Damaged => "step: dropped as damaged",
            Dropped::Missing => "step: files gone when looked at without the lock",
            Dropped::Unreadable => "step: unreadable, kept",
            Dropped::DataEpoch => "step: base boots, the proven one cannot read the data",
            _ => return None,
        },
        Note::NotTaken { why, .. } => match why {
            Refusal::AlreadyInstalled => "step: offered and there already",
            Refusal::KnownBad(_) => "step: offered and known bad",
            Refusal::SetAside(_) => "step: offered and set aside",
            Refusal::RolledBack => "step: fetched and withdrawn meanwhile",
            Refusal::Older => "step: offered and older",
            Refusal::BelowFloor => "step: offered below the floor",
            Refusal::NotValidNow => "step: offered outside its time",
            Refusal::OtherRelease => "step: offered for another release",
            Refusal::DataEpoch => "step: offered and cannot read the data",
            Refusal::AnswerNeeded => "step: fetched before the state was lost",
            _ => return None,
        },
        Note::FellBack { .. } => "step: fell back to the proven one",
        Note::Unguarded { .. } => "step: booted unguarded",
        Note::NotBootedUnguarded { .. } => "step: not booted unguarded",
        Note::StateLost => "step: started with a lost state",
        Note::EventsDropped { .. } => "step: queue overflowed",
        _ => return None,
    })
}

const NAMES: [&str; 26] = [
    "step: base boots, the proven one cannot read the data",
    "step: booted unguarded",
    "step: dropped as damaged",
    "step: dropped below the floor",
    "step: dropped with its release",
    "step: fell back to the proven one",
    "step: fetched and withdrawn meanwhile",
    "step: fetched before the state was lost",
    "step: files gone when looked at without the lock",
    "step: installed",
    "step: known bad",
    "step: not booted unguarded",
    "step: offered and cannot read the data",
    "step: offered and known bad",
    "step: offered and older",
    "step: offered and set aside",
    "step: offered and there already",
    "step: offered below the floor",
    "step: offered for another release",
    "step: offered outside its time",
    "step: queue overflowed",
    "step: rolled back",
    "step: set aside",
    "step: set aside, and the older cannot read the data",
    "step: started with a lost state",
    "step: unreadable, kept",
];
