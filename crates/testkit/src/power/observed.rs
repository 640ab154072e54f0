//! What a person observes of a phone: what boots, what is banned, what the server hears; and
//! whether it all comes right from there.

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use patchproof_device::{BanKind, Boot, Booted, StatementFacts};
use patchproof_lifecycle::GenerationId;
use patchproof_rehearsal::{SimDisk, SimProcess};
use patchproof_storage::{Access, File as _, Storage, StoragePath};
use sha2::{Digest as _, Sha256};

use super::known;
pub(super) use super::told::events_of;
use crate::phone::{App, Library, Phone, Seen};

/// What a start shows.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Observed {
    /// The number of the patch that runs; 0: the bundled release.
    pub number: u64,
    /// Which patch runs.
    pub seen: Seen,
    /// Numbers of contents that are banned for good, as [`Library::patched`] counts them.
    pub known_bad: BTreeSet<GenerationId>,
    /// Contents that are set aside.
    pub set_aside: BTreeSet<GenerationId>,
    /// How many more starts without success it takes until something else runs, where that is
    /// asked.
    pub starts_left: Option<u8>,
    /// What is remembered of signed words: it only grows.
    pub words: Option<StatementFacts>,
    /// What the server was told in all: kind and number.
    pub events: BTreeSet<(String, u64)>,
}

/// Something that must not happen.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where.
    pub place: String,
    /// What.
    pub what: String,
}

impl Violation {
    pub(super) fn new(place: impl fmt::Display, what: impl fmt::Display) -> Self {
        Self {
            place: place.to_string(),
            what: what.to_string(),
        }
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

impl Observed {
    pub(super) fn has_bans(&self) -> bool {
        !self.known_bad.is_empty()
    }
}

impl fmt::Display for Observed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            0 => f.write_str("bundled")?,
            number => write!(f, "patch {number}")?,
        }
        if !self.known_bad.is_empty() {
            write!(f, ", {} known bad", self.known_bad.len())?;
        }
        if !self.set_aside.is_empty() {
            write!(f, ", {} set aside", self.set_aside.len())?;
        }
        if let Some(left) = self.starts_left {
            write!(f, ", for {left} more starts")?;
        }
        if let Some(words) = self.words {
            let StatementFacts {
                root_version,
                counter,
                minimum_number,
                ..
            } = words;
            write!(
                f,
                ", root {root_version}, counter {counter}, floor {minimum_number}"
            )?;
        }
        for (kind, number) in &self.events {
            write!(f, ", told {} {number}", kind.trim_matches('_'))?;
        }
        Ok(())
    }
}

/// A start that is over, and the phone it was on.
pub(super) struct Start {
    pub(super) observed: Observed,
    pub(super) violations: Vec<Violation>,
    pub(super) app: App<SimProcess>,
}

/// Starts the app, and looks.
pub(super) fn observe(phone: &mut Phone) -> Start {
    phone.server.be_honest();
    let app = phone.start(&[]);
    let mut violations: Vec<_> = safe(phone, &app.boot, "the start").into_iter().collect();
    let (mut known_bad, mut set_aside) = (BTreeSet::new(), BTreeSet::new());
    match app.updater.bans() {
        Ok(bans) => {
            for ban in bans {
                match ban.kind {
                    BanKind::KnownBad(_) => known_bad.insert(ban.id),
                    _ => set_aside.insert(ban.id),
                };
            }
        }
        Err(error) => violations.push(Violation::new("the bans", error)),
    }
    if let Seen::Patch(id) = app.seen()
        && (known_bad.contains(&id) || set_aside.contains(&id))
    {
        violations.push(Violation::new("the start", "what is banned runs"));
    }
    for _ in 0..SENDS_MAX {
        match app.send_events() {
            Ok(sent) if sent.waiting == 0 => break,
            Ok(_) => {}
            Err(error) => {
                violations.push(Violation::new("the events", error));
                break;
            }
        }
    }
    let observed = Observed {
        number: app.number(),
        seen: app.seen(),
        known_bad,
        set_aside,
        starts_left: None,
        words: app.updater.statement_facts().unwrap_or_default(),
        events: events_of(&phone.server),
    };
    Start {
        observed,
        violations,
        app,
    }
}

/// How many more starts without success it takes until something else runs.
pub(super) fn starts_left(phone: &Phone, seen: Seen) -> Option<u8> {
    let mut phone = phone.fork();
    (0..STARTS_LEFT_MAX).find(|_| phone.start(&[]).seen() != seen)
}

/// Whether what an app runs is whole, and made for this release.
pub(crate) fn safe(phone: &Phone, boot: &Boot, place: &str) -> Option<Violation> {
    let Booted::Generation {
        id, folder, files, ..
    } = &boot.what
    else {
        return None;
    };
    let of_release = (0..CONTENTS).any(|it| Library::patched(phone.release, it).id == *id);
    if !of_release {
        return Some(Violation::new(
            place,
            "a patch of another release runs, or of none",
        ));
    }
    let disk = phone.disk.fork();
    let hashes = files.iter().map(|file| {
        let path = folder.join(&file.name).ok()?;
        Some((file.name.as_str(), hash(&disk, &path)?))
    });
    let hashes: Option<Vec<(&str, [u8; 32])>> = hashes.collect();
    let found = hashes.map(|all| GenerationId::of_files(all.iter().map(|(name, it)| (*name, it))));
    (found != Some(*id)).then(|| Violation::new(place, "what runs is not whole"))
}

fn hash(disk: &SimDisk, path: &StoragePath) -> Option<[u8; 32]> {
    let file = disk.process().open(path, Access::Read).ok()?;
    let mut bytes = vec![0; usize::try_from(file.length().ok()?).ok()?];
    let read = file.read_at(&mut bytes, 0).ok()?;
    (read == bytes.len()).then(|| Sha256::digest(&bytes).into())
}

/// From a start on: the network is there, the server is honest, and nothing fails any more. Says
/// after how many starts the newest good patch runs, that one included; 0 where there is none to
/// wait for.
pub(super) fn goes_on_well(
    phone: &mut Phone,
    start: Start,
    tidied: &mut Tidied,
) -> Result<u64, Violation> {
    let place = CONTINUATION;
    let wrong = |what: &dyn fmt::Display| Violation::new(place, what);
    let goal = goal(phone, &start.observed);
    let mut app = start.app;
    let mut starts = 1;
    if let Some(goal) = goal {
        while app.seen() != Seen::Patch(goal) {
            if starts > STARTS_MAX {
                return Err(wrong(
                    &"the newest good patch does not run after many starts",
                ));
            }
            app.update().map_err(|error| wrong(&error))?;
            drop(app);
            app = phone.start(&[]);
            if let Some(violation) = safe(phone, &app.boot, place) {
                return Err(violation);
            }
            starts += 1;
        }
    }
    let starts = if goal.is_some() { starts } else { 0 };
    let key = (
        known::all(&phone.disk),
        phone.server.version(),
        phone.release,
    );
    if let Some(tidied) = tidied.get(&key) {
        return tidied.clone().map(|()| starts);
    }
    let result = tidies_up(phone, app, goal);
    tidied.insert(key, result.clone());
    result.map(|()| starts)
}

/// What became of disks on which the newest good patch runs.
pub(super) type Tidied = HashMap<(known::Seen, u64, u8), Result<(), Violation>>;

/// Once the newest good patch runs it stays, and nothing is left over.
fn tidies_up(
    phone: &mut Phone,
    mut app: App<SimProcess>,
    goal: Option<GenerationId>,
) -> Result<(), Violation> {
    let wrong = |what: &dyn fmt::Display| Violation::new(CONTINUATION, what);
    // Twice from the start to the end, as tokens of ended processes keep what they ran.
    for _ in 0..2 {
        app.healthy().map_err(|error| wrong(&error))?;
        app.update().map_err(|error| wrong(&error))?;
        drop(app);
        app = phone.start(&[]);
    }
    if goal.is_some_and(|goal| app.seen() != Seen::Patch(goal)) {
        return Err(wrong(&"the newest good patch ran, and runs no more"));
    }
    app.healthy().map_err(|error| wrong(&error))?;
    let kept = match app.seen() {
        Seen::Bundled => None,
        Seen::Patch(id) => Some(id),
    };
    match left_over(&phone.disk, kept) {
        Some(path) => Err(wrong(&format!("{path} is left over"))),
        None => Ok(()),
    }
}

/// What the server offers, unless it is banned or withdrawn.
fn goal(phone: &Phone, observed: &Observed) -> Option<GenerationId> {
    let (number, library) = phone.server.offered(phone.release)?;
    let is_good = !observed.known_bad.contains(&library.id)
        && !observed.set_aside.contains(&library.id)
        && !phone.server.withdrawn(phone.release).contains(&number);
    is_good.then_some(library.id)
}

/// A file that nobody needs.
fn left_over(disk: &SimDisk, kept: Option<GenerationId>) -> Option<String> {
    let kept = kept.map(|id| format!("generations/{id}/"));
    disk.files().into_iter().find(|path| {
        let of_kept = kept
            .as_ref()
            .is_some_and(|kept| path.starts_with(kept.as_str()));
        let is_ours = matches!(
            path.as_str(),
            "lock" | "state-a" | "state-b" | "downloads/lock"
        );
        !(of_kept || is_ours || path.starts_with("processes/"))
    })
}

/// More starts than any fair continuation takes.
const STARTS_MAX: u64 = 8;
const STARTS_LEFT_MAX: u8 = 4;
const SENDS_MAX: u64 = 8;
const CONTINUATION: &str = "the fair continuation";
/// How many contents scenarios have.
pub(super) const CONTENTS: u8 = 6;
