//! `patchproof root init`: the first root of an app.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use patchproof_report::ExitCode;
use patchproof_trust::{Algorithm, Extensions, Key, KeyId, Role, Roles, Root, Unverified};

use crate::commands::root::RootInitArgs;
use crate::commands::sign_common::{signed, standings_text};
use crate::commands::stopped::{Stopped, must_be_new, write};
use crate::output::{print, shown};
use crate::signer::read_public_key;

pub(crate) fn run(args: &RootInitArgs) -> Result<ExitCode, Stopped> {
    must_be_new(
        &args.output,
        "and two first roots of one app are a fork: name another file, or rotate it",
    )?;
    let mut keys = BTreeMap::new();
    let mut role = |files: &[PathBuf], threshold| -> Result<Role, Stopped> {
        let keys = take_in(&mut keys, files)?;
        Ok(Role { keys, threshold })
    };
    let roles = Roles {
        channel: role(&args.channel_key, args.channel_threshold)?,
        patch: role(&args.patch_key, args.patch_threshold)?,
        root: role(&args.root_key, args.root_threshold)?,
    };
    let root = Root {
        app: args.app.clone(),
        expires_s: args.expiry.seconds(args.now)?,
        extensions: Extensions::new(),
        keys,
        releases: Vec::new(),
        roles,
        version: 1,
    };
    let envelope = signed(&root, &args.signer.open()?, &root.roles.root.keys)?;
    write(&args.output, &envelope, &args.signer.paths())?;
    told(&args.output, &envelope, None)
}

/// Reads public keys, and enters them among the root's.
pub(crate) fn take_in(
    keys: &mut BTreeMap<KeyId, Key>,
    files: &[PathBuf],
) -> Result<BTreeSet<KeyId>, Stopped> {
    let mut ids = BTreeSet::new();
    for file in files {
        let public = read_public_key(file)?;
        let id = public.id();
        if !ids.insert(id) {
            let why = "this key is named twice for one role, and has one voice";
            return Err(Stopped::at(file, why));
        }
        let algorithm = Algorithm::Ed25519;
        keys.insert(id, Key { algorithm, public });
    }
    Ok(ids)
}

/// Says what was written, and which signatures are missing from which root.
pub(crate) fn told(
    path: &Path,
    envelope: &[u8],
    previous: Option<&Root>,
) -> Result<ExitCode, Stopped> {
    let document =
        Unverified::<Root>::read(envelope).map_err(|refusal| Stopped::refused(path, &refusal))?;
    let root = document.statement();
    let roots: Vec<&Root> = previous.into_iter().chain([root]).collect();
    let how = if root.version > 1 {
        "let more people run `patchproof root sign ROOT --previous OLD --key KEY`"
    } else {
        "let more people run `patchproof root sign ROOT --key KEY`"
    };
    let text = format!(
        "{}  root {} of {}\nsha256 {}\n{}",
        shown(path),
        root.version,
        root.app,
        document.sha256(),
        standings_text(&document, &roots, how)
    );
    Ok(print(&text, ExitCode::Verified))
}
