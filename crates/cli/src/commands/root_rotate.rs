//! `patchproof root rotate`: the next root, made from the one before it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use patchproof_report::ExitCode;
use patchproof_trust::{Digest, Key, KeyId, Kind, Release, ReleaseRules, Role, Root, Word};

use crate::commands::root::RootRotateArgs;
use crate::commands::root_init::{take_in, told};
use crate::commands::sign_common::{read_patch_of, role_word, signed};
use crate::commands::stopped::{Stopped, must_be_new, read_root, write};

pub(crate) fn run(args: &RootRotateArgs) -> Result<ExitCode, Stopped> {
    must_be_new(
        &args.output,
        "perhaps with signatures of others: sign it with `patchproof root sign`, or name another \
         file",
    )?;
    let known = read_root(&args.old)?;
    let old: &Root = known.root();
    let next = next_of(old, args)?;
    let mut allowed = old.roles.root.keys.clone();
    allowed.extend(&next.roles.root.keys);
    let envelope = signed(&next, &args.signer.open()?, &allowed)?;
    let mut inputs = args.signer.paths();
    inputs.push(&args.old);
    write(&args.output, &envelope, &inputs)?;
    told(&args.output, &envelope, Some(old))
}

fn next_of(old: &Root, args: &RootRotateArgs) -> Result<Root, Stopped> {
    let mut next = old.clone();
    next.version = old.version.saturating_add(1);
    next.expires_s = args.expiry.seconds(args.now)?.or(old.expires_s);
    let keys = &mut next.keys;
    let roles = [
        (
            Kind::Root,
            &mut next.roles.root,
            &args.add_root_key,
            &args.remove_root_key,
            args.root_threshold,
        ),
        (
            Kind::Patch,
            &mut next.roles.patch,
            &args.add_patch_key,
            &args.remove_patch_key,
            args.patch_threshold,
        ),
        (
            Kind::Channel,
            &mut next.roles.channel,
            &args.add_channel_key,
            &args.remove_channel_key,
            args.channel_threshold,
        ),
    ];
    for (kind, role, added, removed, threshold) in roles {
        change(kind, role, keys, (added, removed))?;
        role.threshold = threshold.unwrap_or(role.threshold);
    }
    let roles = &next.roles;
    let used: BTreeSet<KeyId> = [&roles.root, &roles.patch, &roles.channel]
        .into_iter()
        .flat_map(|role| role.keys.iter().copied())
        .collect();
    next.keys.retain(|id, _| used.contains(id));
    next.releases = releases_of(old, args)?;
    Ok(next)
}

fn releases_of(old: &Root, args: &RootRotateArgs) -> Result<Vec<ReleaseRules>, Stopped> {
    let known = old.releases.iter().cloned();
    let mut releases: Releases = known.map(|rules| (rules.release.clone(), rules)).collect();
    for floor in &args.minimum_number {
        set_floor(&mut releases, floor, &old.app)?;
    }
    for path in &args.revoke {
        let patch = read_patch_of(path, &old.app)?;
        let rules = rules(&mut releases, &patch.statement().release);
        rules.revoked.insert(patch.sha256());
    }
    Ok(releases.into_values().collect())
}

/// In the order in which a root lists them.
type Releases = BTreeMap<Release, ReleaseRules>;

fn change(
    kind: Kind,
    role: &mut Role,
    keys: &mut BTreeMap<KeyId, Key>,
    (added, removed): (&[PathBuf], &[String]),
) -> Result<(), Stopped> {
    let word = role_word(kind);
    for named in removed {
        let found = key_named(role, named)
            .map_err(|why| Stopped::undecided(format!("--remove-{word}-key {named}: {why}")))?;
        role.keys.remove(&found);
    }
    for id in take_in(keys, added)? {
        if !role.keys.insert(id) {
            return Err(Stopped::undecided(format!(
                "--add-{word}-key: the {word} role has {id} already"
            )));
        }
    }
    Ok(())
}

/// The key of a role whose id begins so.
fn key_named(role: &Role, named: &str) -> Result<KeyId, String> {
    if named.len() < ID_CHARS_MIN {
        return Err(format!("name at least {ID_CHARS_MIN} digits of the id"));
    }
    let mut found = role
        .keys
        .iter()
        .filter(|id| id.to_string().starts_with(named));
    match (found.next(), found.next()) {
        (Some(id), None) => Ok(*id),
        (None, _) => Err("no key of this role is called so".to_owned()),
        _ => Err("more than one key of this role is called so: name more digits".to_owned()),
    }
}

fn set_floor(releases: &mut Releases, floor: &str, app: &Word) -> Result<(), Stopped> {
    let wrong = |why: &str| Stopped::undecided(format!("--minimum-number {floor}: {why}"));
    let (release, number) = floor
        .rsplit_once('=')
        .ok_or_else(|| wrong("expected RELEASE=NUMBER"))?;
    let number: u64 = number
        .parse()
        .map_err(|_| wrong("expected a number behind the last `=`"))?;
    let release = match parse_release(release) {
        Some(release) => release,
        None => read_patch_of(Path::new(release), app)?
            .statement()
            .release
            .clone(),
    };
    let rules = rules(releases, &release);
    if number < rules.minimum_number {
        return Err(wrong(&format!(
            "the root asks for {} already, and devices keep the highest that they saw",
            rules.minimum_number
        )));
    }
    rules.minimum_number = number;
    Ok(())
}

/// `PLATFORM/ABI/VERSION/BASE_SHA256`; anything else is the name of a file.
fn parse_release(text: &str) -> Option<Release> {
    let parts: Vec<&str> = text.split('/').collect();
    let [platform, abi, version, base] = parts.as_slice() else {
        return None;
    };
    let base = hex::decode(base).ok()?;
    Some(Release {
        abi: Word::new(*abi).ok()?,
        base_sha256: Digest::of_bytes(base.try_into().ok()?),
        platform: Word::new(*platform).ok()?,
        version: Word::new(*version).ok()?,
    })
}

/// What the root says of a release; nothing yet where it was not named before.
fn rules<'a>(releases: &'a mut Releases, release: &Release) -> &'a mut ReleaseRules {
    releases
        .entry(release.clone())
        .or_insert_with(|| ReleaseRules {
            minimum_number: 0,
            release: release.clone(),
            revoked: BTreeSet::new(),
        })
}

const ID_CHARS_MIN: usize = 8;
