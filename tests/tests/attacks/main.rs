//! Every attack of the table, out of its folder under `tests/attacks`: what the attacker serves is
//! there, file by file, and the device refuses it for the right reason.
//!
//! `cargo xtask attacks` runs them once for each check that is compiled out
//! (`--cfg patchproof_without="CHECK"`): its attacks then end as their folders say, with success
//! but for endless data, which is then taken in whole before its hash refuses it.
//! `PATCHPROOF_BLESS=1` writes the folders anew.

mod folder;
mod run;
mod stories;
mod told;

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};

use folder::{Attack, CHECKS_LEFT_OUT};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let told = told::all();
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        folder::write_all(&told);
    }
    let mut trials = vec![Trial::test(
        "the_folders_hold_what_the_stories_tell_and_nothing_else",
        move || folder::compare_all(&told).map_err(Failed::from),
    )];
    let is_whole = CHECKS_LEFT_OUT.iter().all(|(_, is_left_out)| !is_left_out);
    let names = folder::names().into_iter();
    // Without a check, what it is not there for may end otherwise as well.
    let names = names.filter(|name| is_whole || Attack::read(name).is_without());
    trials.extend(names.map(|name| {
        let title = match Attack::read(&name).is_without() {
            true => format!("{name}_ends_as_its_folder_says_without_its_check"),
            false => format!("{name}_is_refused_for_the_right_reason"),
        };
        Trial::test(title, move || run::holds(&name).map_err(Failed::from))
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}
