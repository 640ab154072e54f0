//! `patchproof sign place`: signed documents and patches, where devices look for them.

use std::fs;
use std::path::Path;

use patchproof_protocol::{channel_path, download_path, root_path, statement_path};
use patchproof_report::ExitCode;
use patchproof_trust::{Digest, Kind, Remembered, Root, Unverified, kind_of};

use crate::commands::sign::SignPlaceArgs;
use crate::commands::sign_common::Standing;
use crate::commands::stopped::{Stopped, read, read_root, write};
use crate::commands::verify_documents::{verified_channel, verified_patch};
use crate::output::{print, shown};

/// A file, and its path behind the base URL.
struct Placed<'a> {
    from: &'a Path,
    path: String,
    bytes: Vec<u8>,
}

/// Everything is read and verified before anything is written.
pub(crate) fn run(args: &SignPlaceArgs) -> Result<ExitCode, Stopped> {
    let known = read_root(&args.root)?;
    let mut placed = Vec::new();
    let mut downloads = Vec::new();
    for file in &args.files {
        let bytes = read(file)?;
        let path = match kind_of(&bytes) {
            Ok(kind) => {
                let document = place(args, &known, file, (kind, &bytes))?;
                downloads.extend(document.downloads);
                document.path
            }
            // Not an envelope: a patch, which one of the statements has to name.
            Err(_) => {
                let sha256 = Digest::of(&bytes);
                placed.push(Placed {
                    from: file,
                    path: download_path(&sha256.to_string()),
                    bytes,
                });
                continue;
            }
        };
        placed.push(Placed {
            from: file,
            path,
            bytes,
        });
    }
    let is_named = |placed: &&Placed<'_>| {
        kind_of(&placed.bytes).is_ok() || downloads.contains(&Digest::of(&placed.bytes))
    };
    if let Some(stray) = placed.iter().find(|placed| !is_named(placed)) {
        let why = "it is neither a signed document nor a patch that one of the statements names";
        return Err(Stopped::at(stray.from, why));
    }
    let mut text = String::new();
    for Placed { from, path, bytes } in &placed {
        let to = args.tree.join(path.trim_start_matches('/'));
        let folder = to.parent().map(Path::to_owned).unwrap_or_default();
        fs::create_dir_all(&folder).map_err(|error| Stopped::at(&folder, error))?;
        write(&to, bytes, &[from])?;
        text.push_str(&format!("{}  as {path}\n", shown(from)));
    }
    Ok(print(&text, ExitCode::Verified))
}

/// Where a document goes, and which patches it names.
struct Document {
    path: String,
    downloads: Vec<Digest>,
}

fn place(
    args: &SignPlaceArgs,
    known: &Remembered,
    file: &Path,
    (kind, bytes): (Kind, &[u8]),
) -> Result<Document, Stopped> {
    let refused = |refusal| Stopped::refused(file, &refusal);
    let app = known.root().app.as_str();
    let path = match kind {
        Kind::Patch => {
            let patch = verified_patch(known, bytes, None).map_err(refused)?;
            let downloads = patch.downloads.iter().map(|download| download.sha256);
            return Ok(Document {
                path: statement_path(&patch.sha256().to_string()),
                downloads: downloads.collect(),
            });
        }
        Kind::Channel => {
            let now_s = args.now.seconds();
            let channel = verified_channel(known, bytes, now_s).map_err(refused)?;
            if channel.nonce.is_some() {
                let why = "it answers one device's nonce, and lies here for all";
                return Err(Stopped::at(file, why));
            }
            let release = channel.release.sha256().to_string();
            channel_path(app, &release, channel.channel.as_str())
        }
        Kind::Root => {
            let root = Unverified::<Root>::read(bytes).map_err(refused)?;
            let is_signed = Standing::of(&root, root.statement()).missing() == 0;
            if root.statement().app != known.root().app || !is_signed {
                let why = "it is another app's, or too few of its own keys signed it";
                return Err(Stopped::at(file, why));
            }
            root_path(app, root.statement().version)
        }
    };
    Ok(Document {
        path,
        downloads: Vec::new(),
    })
}
