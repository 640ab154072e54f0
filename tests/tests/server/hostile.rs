//! Uploads that mean no good, or are broken: refused, and nothing of them is left.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use libtest_mimic::Failed;
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_testkit::phone::Library;
use patchproof_tests::bench::patch;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::choosing::told;
use crate::stage::Stand;
use crate::world::{App, Release, World, download, sha256};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 9] = claims![
        a_blob_of_another_hash_is_refused_and_gone
        a_blob_is_there_once_and_may_come_again
        a_blob_whose_upload_breaks_off_is_not_there
        a_name_that_is_no_hash_is_no_blob
        a_publication_that_says_something_else_than_its_files_is_refused
        a_patch_that_does_not_inflate_is_refused
        a_patch_that_inflates_without_end_is_refused_in_little_memory
        a_patch_to_a_library_of_another_engine_is_refused
        a_release_without_a_snapshot_in_it_is_refused
    ];
    claims.to_vec()
}

fn a_blob_of_another_hash_is_refused_and_gone(stand: &Stand) -> Result<(), Failed> {
    let (app, _) = stand.world()?.released()?;
    let bytes = unique("a blob");
    let claimed = sha256(&unique("another blob"));
    app.put_blob_as(&claimed, &bytes)?
        .refused(422, "hash_mismatch")?;
    for sha256 in [claimed, sha256(&bytes)] {
        app.api
            .get(&app.path(&format!("blobs/{sha256}")))?
            .expect(404)?;
        let path = format!("/patchproof/v1/downloads/{sha256}");
        app.device.get(&path)?.expect(404)?;
    }
    // What is there already is told by 200.
    app.put_blob(&bytes)?.expect(201)?;
    Ok(())
}

fn a_blob_is_there_once_and_may_come_again(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let bytes = unique("a blob that comes twice");
    app.put_blob(&bytes)?.expect(201)?;
    app.put_blob(&bytes)?.expect(200)?;
    // Nobody has said what it is for: it is neither an artifact nor a download.
    let path = app.path(&format!("blobs/{}", sha256(&bytes)));
    app.api.get(&path)?.expect(404)?;
    app.device.get(&path)?.expect(401)?;
    app.device
        .get(&format!("/patchproof/v1/downloads/{}", sha256(&bytes)))?
        .expect(404)?;
    let library = app.path(&format!("blobs/{}", sha256(&release.library)));
    same(
        app.api.get(&library)?.expect(200)?.body,
        release.library.to_vec(),
    )
}

fn a_blob_whose_upload_breaks_off_is_not_there(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let (app, _) = world.released()?;
    let bytes = unique("a blob of which half comes");
    let address = world.serve.url().replace("http://", "");
    let token = world.serve.admin_token()?;
    let path = app.path(&format!("blobs/{}", sha256(&bytes)));
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "PUT {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\
         Content-Length: {}\r\n\r\n",
        bytes.len()
    )?;
    stream.write_all(bytes.get(..bytes.len() / 2).unwrap_or_default())?;
    stream.shutdown(std::net::Shutdown::Write)?;
    let mut answer = String::new();
    // The server may say so or hang up.
    drop(stream.read_to_string(&mut answer));
    same(answer.starts_with("HTTP/1.1 2"), false)?;
    // A blob that nobody speaks of is not shown: whether it is there is told to who brings it.
    app.put_blob(&bytes)?.expect(201)?;
    Ok(())
}

fn a_name_that_is_no_hash_is_no_blob(stand: &Stand) -> Result<(), Failed> {
    let (app, _) = stand.world()?.released()?;
    let upper = sha256(b"x").to_uppercase();
    for name in [
        "x",
        upper.as_str(),
        "..%2f..%2fadmin.token",
        "%2e%2e",
        "%00",
    ] {
        let answer = app.put_blob_as(name, b"x")?;
        same(
            (name, matches!(answer.status, 400 | 404 | 422)),
            (name, true),
        )?;
    }
    Ok(())
}

fn a_publication_that_says_something_else_than_its_files_is_refused(
    stand: &Stand,
) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let library = Library::patched(0, 1);
    app.put_blob(&library.patch)?.success()?;
    app.put_blob(&Library::patched(0, 2).patch)?.success()?;
    let other = download(&Library::patched(0, 2).patch);
    let absent = json!({"sha256": "0".repeat(64), "size_bytes": 9, "container": "shorebird"});
    let mut short = download(&library.patch);
    short["size_bytes"] = json!(library.patch.len() - 1);
    let mut packed = download(&library.patch);
    packed["container"] = json!("patchproof");
    let mut from = download(&library.patch);
    from["from_sha256"] = json!("1".repeat(64));
    for (pointer, value) in [
        ("/artifacts/0/hash", json!(sha256(b"another library"))),
        ("/artifacts/0/size_bytes", json!(library.bytes.len() + 1)),
        ("/artifacts/0/downloads/0", other),
        ("/artifacts/0/downloads/0", absent),
        ("/artifacts/0/downloads/0", short),
        ("/artifacts/0/downloads/0", packed),
        ("/artifacts/0/downloads/0", from),
        ("/artifacts/0/downloads", json!([])),
        ("/artifacts", json!([])),
        ("/artifacts/0/arch", json!("x86_64")),
    ] {
        let mut asked = app.publication(&release, 1, 1);
        let place = asked.pointer_mut(pointer).ok_or("a field")?;
        *place = value;
        refused(&app, &release, &asked)?;
    }
    // What was right all along goes out.
    app.publish(&release, 1, 1)?;
    told(&app, &release, 1, &[])
}

fn a_patch_that_does_not_inflate_is_refused(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let good = Library::patched(0, 1).patch.to_vec();
    let mut flipped = good.clone();
    if let Some(byte) = flipped.last_mut() {
        *byte ^= 0x40;
    }
    let cut = good.get(..good.len() - 1).unwrap_or_default().to_vec();
    let longer = [good.as_slice(), b"x"].concat();
    for bytes in [
        flipped,
        cut,
        longer,
        b"\x28\xb5\x2f\xfdnothing".to_vec(),
        Vec::new(),
    ] {
        app.put_blob(&bytes)?.success()?;
        refused(&app, &release, &offering(&app, &release, &bytes))?;
    }
    Ok(())
}

fn a_patch_that_inflates_without_end_is_refused_in_little_memory(
    stand: &Stand,
) -> Result<(), Failed> {
    // Its own: what other tests take for a while would hide what this takes.
    let world = World::on(stand.fresh()?)?;
    let (app, release) = world.released()?;
    // A gigabyte of zeros in one frame of some ten KiB.
    let mut encoder = zstd::stream::Encoder::new(Vec::new(), 19)?;
    let zeros = vec![0; 1 << 20];
    for _ in 0..1024 {
        encoder.write_all(&zeros)?;
    }
    let bomb = encoder.finish()?;
    same(bomb.len() < 1 << 20, true)?;
    app.put_blob(&bomb)?.success()?;
    let before = peak_bytes(world.serve.process())?;
    refused(&app, &release, &offering(&app, &release, &bomb))?;
    let grown = peak_bytes(world.serve.process())?.saturating_sub(before);
    same(grown < 256 << 20, true).map_err(|_| format!("{grown} bytes").into())
}

fn a_patch_to_a_library_of_another_engine_is_refused(stand: &Stand) -> Result<(), Failed> {
    let world = stand.world()?;
    let app = world.app()?;
    let made = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    let library = made.clone().build();
    let release = app.release_of("1.0.0+1", &library, "linux", "x86_64")?;
    let mut other = made;
    for blob in [&mut other.vm, &mut other.isolate] {
        blob.version = vec![b'f'; 32];
    }
    let other = other.build();
    let bytes = patch(&library, &other);
    app.put_blob(&bytes)?.success()?;
    let asked = json!({
        "release_id": release.id,
        "number": 1,
        "channel": "stable",
        "artifacts": [{
            "platform": "linux",
            "arch": "x86_64",
            "hash": sha256(&other),
            "size_bytes": other.len(),
            "downloads": [download(&bytes)],
        }],
    });
    let answer = app.api.post(&app.path("publish"), &asked)?;
    answer.refused(422, "snapshot_incompatible")?;
    same(app.next_number(&release)?, 1)
}

fn a_release_without_a_snapshot_in_it_is_refused(stand: &Stand) -> Result<(), Failed> {
    let app = stand.world()?.app()?;
    let release = app.begin_release("1.0.0+1")?;
    let library = b"no library at all";
    let answer = app.upload_release_artifact(release, library, "android", "aarch64")?;
    answer.refused(422, "no_snapshot")?;
    Ok(())
}

/// A publication of these bytes as the patch of content 1.
fn offering(app: &App, release: &Release, bytes: &[u8]) -> Value {
    let mut asked = app.publication(release, 1, 1);
    asked["artifacts"][0]["downloads"] = json!([download(bytes)]);
    asked
}

fn refused(app: &App, release: &Release, asked: &Value) -> Result<(), Failed> {
    let answer = app.api.post(&app.path("publish"), asked)?;
    let is_refused = matches!(answer.status, 400 | 404 | 422);
    let body = answer.value()?;
    let whole = body["code"].is_string() && body["message"].is_string();
    same(is_refused && whole, true).map_err(|_| format!("{asked}: {} {body}", answer.status))?;
    same(app.next_number(release)?, 1)?;
    told(app, release, 0, &[])
}

/// Bytes that no other test sends.
fn unique(words: &str) -> Vec<u8> {
    let mut bytes = format!("{words} {:?}", std::time::Instant::now()).into_bytes();
    bytes.resize(10_000, b'.');
    bytes
}

/// The most that a process had in memory so far.
fn peak_bytes(process: u32) -> Result<u64, Failed> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().next());
    Ok(kib.ok_or("no VmHWM")?.parse::<u64>()? * 1024)
}
