//! A patch with the Dart-aware transform, on the real disk and in the real VM.

use std::fs;
use std::path::PathBuf;

use libtest_mimic::Failed;
use patchproof_dart_delta::{ID, KNOWN};
use patchproof_patch::{CodecChoice, Header, MakeOptions, make_through};
use patchproof_tests::offering::OfferingServer;
use patchproof_tests::trials::same;

use super::Phone;

pub(super) fn story(paths: &[PathBuf]) -> Result<(), Failed> {
    let [runtime, release, patched, _] = paths else {
        return Err("four paths were asked for".into());
    };
    let (released, library) = (fs::read(release)?, fs::read(patched)?);
    let options = MakeOptions::patchproof(CodecChoice::Auto);
    let patch = make_through(&released, &library, options, KNOWN)?;
    let transform = Header::of(&patch)
        .and_then(|it| it.ok())
        .map(|it| it.transform);
    same(transform, Some(ID))?;
    let server = OfferingServer::start();
    server.offer_made(Some((1, patch, &library)), &[]);

    // Where it looks at the base in a file, it needs that place; in memory it does not.
    let blocked = Phone::at(runtime, release, server.url())?;
    let downloads = blocked.folder.path().join("patches/downloads");
    fs::create_dir_all(downloads.join("view/in the way"))?;
    let failed = blocked.process(&["view=0", "update"])?;
    same(failed.error.is_some(), true).map_err(|_| failed.updated)?;
    drop(blocked.process(&["update"])?);
    let healthy = blocked.process(&["healthy"])?;
    same(
        (healthy.booted, blocked.runs(&healthy)?.as_str()),
        (1, "1.97.3"),
    )?;

    let phone = Phone::at(runtime, release, server.url())?;
    drop(phone.process(&["view=0", "update"])?);
    let healthy = phone.process(&["healthy"])?;
    same(
        (healthy.booted, phone.runs(&healthy)?.as_str()),
        (1, "1.97.3"),
    )?;
    let downloads = phone.folder.path().join("patches/downloads");
    same(downloads.join("view").exists(), false)
}
