//! `patchproof sign channel`: which patches a channel offers now.

use std::path::PathBuf;

use patchproof_report::ExitCode;
use patchproof_trust::{
    ChannelStatement, Digest, Extensions, Nonce, PatchStatement, Release, Remembered, RolledBack,
    Root, Selected, Unverified,
};
use patchproof_verify::abi_as_signed;

use crate::commands::sign::SignChannelArgs;
use crate::commands::sign_common::{MORE_SIGN, read_patch_of, signed, standings_text};
use crate::commands::stopped::{Stopped, read, read_root, write};
use crate::commands::verify_documents::verified_patch;
use crate::commands::verify_text::release_text;
use crate::moment::{days_later, shown_moment};
use crate::output::{print, shown};

/// A patch statement that is offered, and to how many of 10,000 devices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Selection {
    pub(crate) statement: PathBuf,
    pub(crate) rollout_basis_points: u16,
}

/// `STATEMENT[:PERCENT]`; a part behind the last `:` that is no number belongs to the file's name.
pub(crate) fn parse_selection(text: &str) -> Result<Selection, String> {
    let (file, rollout_basis_points) = match text.rsplit_once(':') {
        Some((file, percent)) if percent.starts_with(|c: char| c.is_ascii_digit()) => {
            (file, basis_points(percent)?)
        }
        _ => (text, ALL_BASIS_POINTS),
    };
    if file.is_empty() {
        return Err("a statement's file must be named".to_owned());
    }
    Ok(Selection {
        statement: PathBuf::from(file),
        rollout_basis_points,
    })
}

/// 64 lower-case hex digits.
pub(crate) fn parse_nonce(text: &str) -> Result<Nonce, String> {
    let mut bytes = [0; 32];
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) if lower => Ok(Nonce::of_bytes(bytes)),
        _ => Err("expected 64 lower-case hex digits".to_owned()),
    }
}

pub(crate) fn run(args: &SignChannelArgs) -> Result<ExitCode, Stopped> {
    let known = read_root(&args.root)?;
    let root: &Root = known.root();
    let signers = args.signer.open()?;
    let statement = statement(args, &known)?;
    let envelope = signed(&statement, &signers, &root.roles.channel.keys)?;
    let mut inputs = args.signer.paths();
    inputs.push(&args.root);
    inputs.extend(args.select.iter().map(|select| select.statement.as_path()));
    inputs.extend(args.roll_back.iter().map(PathBuf::as_path));
    write(&args.output, &envelope, &inputs)?;
    let document = Unverified::<ChannelStatement>::read(&envelope)
        .map_err(|refusal| Stopped::refused(&args.output, &refusal))?;
    let text = format!(
        "{}  channel {} for {}\ncounter {}, until {}\nsha256 {}\n{}",
        shown(&args.output),
        statement.channel,
        release_text(&statement.release),
        statement.counter,
        shown_moment(statement.expires_s),
        document.sha256(),
        standings_text(&document, &[root], MORE_SIGN)
    );
    Ok(print(&text, ExitCode::Verified))
}

fn statement(args: &SignChannelArgs, known: &Remembered) -> Result<ChannelStatement, Stopped> {
    let root: &Root = known.root();
    let mut releases = Vec::new();
    let mut selected = Vec::new();
    for select in &args.select {
        let (patch, sha256) = offered(select, known)?;
        selected.push(Selected {
            number: patch.number,
            patch: sha256,
            rollout_basis_points: select.rollout_basis_points,
        });
        releases.push((select.statement.as_path(), patch.release));
    }
    let mut rolled_back = Vec::new();
    for path in &args.roll_back {
        let patch = read_patch_of(path, &root.app)?;
        rolled_back.push(RolledBack {
            number: patch.statement().number,
            patch: patch.sha256(),
        });
        releases.push((path, patch.statement().release.clone()));
    }
    let Some((_, release)) = releases.first().cloned() else {
        return Err(Stopped::undecided(
            "no statement says for which release this is: give --select or --roll-back",
        ));
    };
    if let Some((path, other)) = releases.iter().find(|(_, other)| *other != release) {
        let (other, first) = (release_text(other), release_text(&release));
        let why = format!("it is for {other}, and the first one for {first}");
        return Err(Stopped::at(path, why));
    }
    held_against(args, root, &release)?;
    selected.sort_by_key(|entry| entry.number);
    rolled_back.sort_by_key(|entry| entry.number);
    let issued_s = args.now.seconds()?;
    Ok(ChannelStatement {
        app: root.app.clone(),
        channel: args.channel.clone(),
        counter: args.counter,
        expires_s: days_later(issued_s, args.expires_in_days),
        extensions: Extensions::new(),
        issued_s,
        nonce: args.nonce,
        release,
        rolled_back,
        root_version: root.version,
        selected,
    })
}

/// A statement that devices will take: an offer of another one is an error that shows late.
fn offered(select: &Selection, known: &Remembered) -> Result<(PatchStatement, Digest), Stopped> {
    let path = &select.statement;
    let verified = verified_patch(known, &read(path)?, None);
    let patch = verified.map_err(|refusal| Stopped::refused(path, &refusal))?;
    Ok(((*patch).clone(), patch.sha256()))
}

/// What the command line says twice has to be the same.
fn held_against(args: &SignChannelArgs, root: &Root, release: &Release) -> Result<(), Stopped> {
    let abi = args.abi.as_deref();
    let abi = abi.map(|abi| abi_as_signed(abi, release.platform.as_str()));
    let said = [
        ("--app", args.app.as_ref().map(|it| it.as_str()), &root.app),
        (
            "--version",
            args.version.as_ref().map(|it| it.as_str()),
            &release.version,
        ),
        (
            "--platform",
            args.platform.as_ref().map(|it| it.as_str()),
            &release.platform,
        ),
        ("--abi", abi, &release.abi),
    ];
    for (option, said, found) in said {
        if let Some(said) = said.filter(|said| *said != found.as_str()) {
            return Err(Stopped::undecided(format!(
                "{option} says {said}, and the statements and their root say {found}"
            )));
        }
    }
    Ok(())
}

/// Percent with at most two digits behind the point, in parts of 10,000.
pub(crate) fn basis_points(percent: &str) -> Result<u16, String> {
    let wrong = || format!("`{percent}` is no percentage of 0 to 100 in steps of 0.01");
    let (whole, part) = percent.split_once('.').unwrap_or((percent, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) || part.len() > 2 || percent.ends_with('.') {
        return Err(wrong());
    }
    let points: u16 = format!("{whole}{part:0<2}").parse().map_err(|_| wrong())?;
    Some(points)
        .filter(|points| *points <= ALL_BASIS_POINTS)
        .ok_or_else(wrong)
}

const ALL_BASIS_POINTS: u16 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_stands_behind_the_last_colon() {
        for (text, file, points) in [
            ("a.json", "a.json", 10_000),
            ("a.json:10", "a.json", 1000),
            ("a:b.json:2.5", "a:b.json", 250),
            ("C:a.json", "C:a.json", 10_000),
            ("a:0", "a", 0),
            ("a:100", "a", 10_000),
            ("a:0.01", "a", 1),
        ] {
            let selection = parse_selection(text).unwrap();
            assert_eq!(selection.statement, PathBuf::from(file), "{text}");
            assert_eq!(selection.rollout_basis_points, points, "{text}");
        }
    }

    #[test]
    fn what_is_no_percentage_is_refused() {
        for text in ["a:101", "a:1.001", "a:1.", "a:1e1", "a:100.01", ":10", ""] {
            assert!(parse_selection(text).is_err(), "{text}");
        }
    }
}
