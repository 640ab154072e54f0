//! Steps in plain words.

use super::action::{Action, Cut, Disk};
use super::events::numbers;
use super::world::{OFFERS, Process, World};

/// This action, and what runs after it.
pub(super) fn told(action: &Action, after: &World) -> String {
    match action {
        Action::Start {
            process,
            crashed,
            disk,
            cut,
        } => {
            let disk = match disk {
                Disk::Well => "",
                Disk::Full => ", the disk full",
                Disk::Unreadable => ", the first files unreadable",
            };
            let crashed: Vec<_> = (0..).zip(crashed).filter(|(_, it)| **it).collect();
            let crashed = crashed.iter().map(|(slot, _)| letter(*slot));
            let crashed: String = crashed.map(|it| format!(", {it} crashed")).collect();
            let boots = runs(after);
            format!(
                "{} starts{crashed}{disk}{}{boots}",
                letter(*process),
                end(*cut)
            )
        }
        Action::Peek { process } => {
            format!("{} reads the state, without lock", letter(*process))
        }
        Action::Look { process } => {
            format!("{} goes on without lock{}", letter(*process), runs(after))
        }
        Action::End { process } => format!("{} ends", letter(*process)),
        Action::PowerCut => "the power fails".to_owned(),
        Action::Healthy { process, cut } => format!("{} is well{}", letter(*process), end(*cut)),
        Action::FailureReported { process, cut } => {
            format!("{} reports a failure{}", letter(*process), end(*cut))
        }
        Action::Answered {
            process,
            offer,
            rolled_back,
            now,
            cut,
        } => {
            let process = letter(*process);
            format!(
                "{process} {}, at {now}{}",
                answer(*offer, *rolled_back),
                end(*cut)
            )
        }
        Action::Refused {
            process,
            fault,
            cut,
        } => format!(
            "{} could not take it: {fault:?}{}",
            letter(*process),
            end(*cut)
        ),
        Action::Installed { process, now, cut } => {
            format!("{} installs it, at {now}{}", letter(*process), end(*cut))
        }
        Action::Acknowledged => "the server has the first event".to_owned(),
        Action::FloorRaised => "the floor is raised to 2".to_owned(),
        Action::BansCleared => "support clears the bans".to_owned(),
        Action::ReleaseChanged => format!("release {} is installed", after.release),
        Action::Rot { content } => format!("the files of content {content} rot"),
        Action::StateLost => "both slots of the state rot".to_owned(),
    }
}

fn answer(offer: Option<u8>, rolled_back: u8) -> String {
    let offered = offer.and_then(|index| OFFERS.get(usize::from(index)));
    let offered = offered.map_or("nothing".to_owned(), |(_, number, content)| {
        format!("content {content} as number {number}")
    });
    format!(
        "is answered {offered}, withdrawn {:?}",
        numbers(rolled_back)
    )
}

fn letter(process: u8) -> &'static str {
    if process == 0 { "A" } else { "B" }
}

/// All that runs; the two change places, so that no name would say which is which.
fn runs(world: &World) -> String {
    let running = world.processes.iter().filter_map(Process::running);
    let running: Vec<String> = running
        .map(|running| match running.boot {
            Some(content) => format!("content {content}"),
            None => "the bundled release".to_owned(),
        })
        .collect();
    match running.as_slice() {
        [] => "; nothing runs".to_owned(),
        running => format!("; now runs {}", running.join(" and ")),
    }
}

fn end(cut: Cut) -> String {
    match cut {
        Cut::None => String::new(),
        Cut::Kill(after) => format!(", killed after {after} effects"),
        Cut::Power(after) => format!(", the power fails after {after} effects"),
        Cut::Fail(after) => format!(", effect {} fails", after + 1),
    }
}
