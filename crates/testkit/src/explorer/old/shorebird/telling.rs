//! Steps in plain words.

use super::phone::{Answer, Op, Patch, Phone, Process};
use super::{Action, Lost, World};

/// One step, without a full stop.
pub(super) fn tell(world: &World, before: &Phone, action: Action, after: &Phone) -> String {
    match action {
        Action::Start(at) => format!("{} starts on release {}", who(world, at), before.release),
        Action::Boots(at) => {
            let op = before.process(at).and_then(|it| it.main.front());
            format!("{}: {}", who(world, at), changed(before, at, op, after))
        }
        Action::Updates(at) => {
            let op = before.process(at).and_then(|it| it.update.front());
            format!("{}: {}", who(world, at), changed(before, at, op, after))
        }
        Action::DiskFull(at) => format!(
            "{}: the disk is full while the patch is inflated; the update ends, and what was \
             downloaded stays",
            who(world, at)
        ),
        Action::Answered(at, answer) => {
            let answer = world
                .answers
                .get(answer)
                .map(answer_words)
                .unwrap_or_default();
            let is_taken = after.process(at).is_some_and(|it| !it.update.is_empty());
            let taken = if is_taken {
                ""
            } else {
                "; it is taken for installed or bad"
            };
            format!("{} asks, and the server {answer}{taken}", who(world, at))
        }
        Action::FirstFrame(at) => format!("{} shows its first frame", who(world, at)),
        Action::Leaves(at) => format!("{} is closed, with nothing left to do", who(world, at)),
        Action::Killed(at) => format!("{} is killed", who(world, at)),
        Action::Crashes(at) => format!("{} crashes, running {}", who(world, at), runs(before, at)),
        Action::Cut(lost) => cut(before, lost),
        Action::Upgraded => "the app is upgraded to release B".to_owned(),
    }
}

impl Phone {
    fn process(&self, at: usize) -> Option<&Process> {
        self.processes.get(at)?.as_ref()
    }
}

fn who(world: &World, at: usize) -> String {
    if world.processes == 1 {
        "the app".to_owned()
    } else {
        format!("process {}", at + 1)
    }
}

fn patch(patch: Patch) -> String {
    format!("patch {}{}", patch.number, patch.content)
}

fn named(found: Option<Patch>) -> String {
    found.map_or_else(|| "none".to_owned(), patch)
}

fn answer_words(answer: &Answer) -> String {
    let mut words = Vec::new();
    if let Some(offer) = answer.offer {
        let signed = if offer.signed {
            ""
        } else {
            ", without a signature"
        };
        words.push(format!("offers {}{signed}", patch(offer)));
    }
    let withdrawn = answer.rolled_back.iter();
    words.extend(withdrawn.map(|number| format!("withdraws number {number}")));
    words.join(" and ")
}

fn runs(phone: &Phone, at: usize) -> String {
    let loaded = phone.process(at).and_then(|process| process.loaded);
    match loaded {
        Some(file) if file.whole => patch(file.patch),
        Some(file) => format!("zeros that should be {}", patch(file.patch)),
        None => "the bundled release".to_owned(),
    }
}

/// The one thing that a step changed; what it started with only where nothing did.
fn changed(before: &Phone, at: usize, op: Option<&Op>, after: &Phone) -> String {
    let (old, new) = (&before.disk, &after.disk);
    let was_loaded = before.process(at).is_some_and(|process| process.is_loaded);
    if !was_loaded && after.process(at).is_some_and(|process| process.is_loaded) {
        return format!("the engine takes {}", runs(after, at));
    }
    if old.stamp != new.stamp {
        return format!("`state.json` says release {} now", after.release);
    }
    if old.download != new.download {
        return match new.download {
            Some(found) => format!("downloads {}", patch(found)),
            None => "deletes the download".to_owned(),
        };
    }
    if let (None, Some(found)) = (old.full, new.full) {
        return format!("inflates {}; the hash is right", patch(found));
    }
    if let (Some(found), None) = (old.full, new.full) {
        return format!("renames the inflated file to `patches/{}`", found.number);
    }
    if old.artifacts.len() > new.artifacts.len() {
        let gone = old
            .artifacts
            .keys()
            .filter(|number| !new.artifacts.contains_key(number));
        let gone: Vec<_> = gone.map(|number| format!("`patches/{number}`")).collect();
        return format!("deletes {}", gone.join(" and "));
    }
    if old.pointers != new.pointers {
        return pointers(before, after);
    }
    if before.past.refused_ranges != after.past.refused_ranges {
        return "asks for the rest of a complete download, is answered 416, and gives up"
            .to_owned();
    }
    match op {
        Some(Op::LaunchStart | Op::LaunchSuccess) => {
            "reports its start and its success; nothing is booting".to_owned()
        }
        Some(Op::Save(_)) => "writes `patches_state.json` as it was".to_owned(),
        _ => "finds nothing to do".to_owned(),
    }
}

fn pointers(before: &Phone, after: &Phone) -> String {
    let (old, new) = (&before.disk.pointers, &after.disk.pointers);
    let mut said = Vec::new();
    for (name, was, is) in [
        ("booting", old.booting, new.booting),
        ("last booted", old.last, new.last),
        ("next", old.next, new.next),
    ] {
        if was != is {
            said.push(format!("{name} is {}", named(is)));
        }
    }
    let bad = new.bad.difference(&old.bad);
    said.extend(bad.map(|number| format!("number {number} is bad")));
    if old.bad.len() > new.bad.len() {
        said.push("nothing is bad".to_owned());
    }
    format!("`patches_state.json`: {}", said.join(", "))
}

fn cut(before: &Phone, lost: Lost) -> String {
    let lost = match lost {
        Lost::Nothing => "every file lasts".to_owned(),
        Lost::Pointers => {
            let old = before.disk.pointers_before.clone().unwrap_or_default();
            let bad = if old.bad.is_empty() {
                "nothing is bad"
            } else {
                "some are bad"
            };
            format!(
                "`patches_state.json` is an older one again (last booted {}, next {}, {bad})",
                named(old.last),
                named(old.next)
            )
        }
        Lost::Bytes(number) => format!("`patches/{number}` has its length and holds zeros"),
    };
    format!("the power is cut: {lost}")
}
