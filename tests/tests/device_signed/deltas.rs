//! Signed downloads that are made against the library that runs.

use patchproof_device::{Ask, AtFault, Cancel, PatchFacts, Progress, UpdateError};
use patchproof_patch::{CodecChoice, MakeOptions, make_with};
use patchproof_protocol::download_path;
use patchproof_rehearsal::SimProcess;
use patchproof_testkit::phone::publisher::{SignedPatch, delta_of, put_delta};
use patchproof_testkit::phone::{App, Library};
use patchproof_trust::{Digest, Download, PatchStatement, Word};

use crate::stand::Stand;

/// Patch 1 runs and ran well.
pub(crate) fn stand(ask: Ask) -> Stand {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    stand.start().healthy().unwrap();
    if let patchproof_device::Trust::Statements { ask: asked, .. } = &mut stand.phone.trust {
        *asked = ask;
    }
    stand
}

/// The same download in the other container, which is longer.
fn longer(stand: &Stand, download: &mut Download, from: &Library, to: &Library) {
    let options = MakeOptions::patchproof(CodecChoice::Zstd);
    let patch = make_with(&from.bytes, &to.bytes, options).unwrap();
    let sha256 = Digest::of(&patch);
    let path = download_path(&sha256.to_string());
    stand.phone.server.put(&path, &patch);
    let size_bytes = u64::try_from(patch.len()).unwrap();
    assert!(download.size_bytes < size_bytes);
    download.container = Word::new("patchproof").unwrap();
    (download.sha256, download.size_bytes) = (sha256, size_bytes);
}

fn sort(statement: &mut PatchStatement) {
    statement.downloads.sort_by_key(|download| download.sha256);
}

/// Puts up patch 2, with a short delta from patch 1 and a long download from the release.
pub(crate) fn put_up_two(stand: &Stand, change: impl FnOnce(&mut PatchStatement)) -> SignedPatch {
    let (base, one, two) = (
        Library::base(0),
        Library::patched(0, 1),
        Library::patched(0, 2),
    );
    put_delta(&stand.phone.server, &one, &two);
    stand.put_up_as(2, 2, |statement| {
        longer(stand, &mut statement.downloads[0], &base, &two);
        statement.downloads.push(delta_of(&one, &two));
        change(statement);
        sort(statement);
    })
}

fn delta_path() -> String {
    let delta = delta_of(&Library::patched(0, 1), &Library::patched(0, 2));
    download_path(&delta.sha256.to_string())
}

fn release_path(patch: &SignedPatch) -> String {
    let base = Digest::of(&Library::base(0).bytes);
    let mut downloads = patch.statement.downloads.iter();
    let of_release = downloads.find(|it| it.from_sha256 == Some(base)).unwrap();
    download_path(&of_release.sha256.to_string())
}

/// Which downloads were asked for, by their paths.
fn downloads(stand: &Stand) -> Vec<String> {
    let asked = stand.phone.server.asked();
    let paths = asked.iter().filter_map(|url| {
        let at = url.find("/patchproof/v1/downloads/")?;
        Some(url[at..].to_owned())
    });
    paths.collect()
}

fn notices(app: &App<SimProcess>) -> Vec<&'static str> {
    let all = app.updater.diagnostics().notices;
    all.iter().map(|notice| notice.id).collect()
}

#[test]
fn the_smallest_download_is_taken_of_the_release_and_of_what_runs() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    stand.choose(&[&two]);
    stand.phone.server.forget();
    assert_eq!(stand.installs(), Ok(2));
    assert_eq!(downloads(&stand), [delta_path()]);
    assert_eq!(stand.boots(), 2);
}

#[test]
fn a_delta_that_is_longer_than_the_download_from_the_release_is_not_taken() {
    let mut stand = stand(Ask::Files);
    let (one, two) = (Library::patched(0, 1), Library::patched(0, 2));
    let patch = stand.put_up_as(2, 2, |statement| {
        let mut delta = delta_of(&one, &two);
        longer(&stand, &mut delta, &one, &two);
        statement.downloads.push(delta);
        sort(statement);
    });
    stand.choose(&[&patch]);
    stand.phone.server.forget();
    assert_eq!(stand.installs(), Ok(2));
    assert_eq!(downloads(&stand), [release_path(&patch)]);
}

#[test]
fn a_delta_over_what_does_not_run_is_passed_over() {
    let mut stand = Stand::new(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    stand.choose(&[&two]);
    assert_eq!(stand.installs(), Ok(2));
    assert_eq!(downloads(&stand), [release_path(&two)]);
}

#[test]
fn what_runs_is_not_told_to_a_server_that_signs_its_answers() {
    let mut stand = stand(Ask::Server);
    let app = stand.start();
    assert_eq!(app.number(), 1);
    app.updater.check(&Cancel::new()).unwrap_err();
    let questions = stand.phone.server.questions();
    assert!(questions.last().unwrap().contains("nonce"));
    let told = questions.iter().any(|it| it.contains("runs_sha256"));
    assert!(!told, "{questions:?}");
}

#[test]
fn signed_bytes_that_are_no_delta_of_it_are_followed_by_the_download_from_the_release() {
    let mut stand = stand(Ask::Files);
    // The publisher signed something that gives another library.
    let wrong = delta_of(&Library::patched(0, 1), &Library::patched(0, 3));
    put_delta(
        &stand.phone.server,
        &Library::patched(0, 1),
        &Library::patched(0, 3),
    );
    let two = put_up_two(&stand, |statement| {
        let one = Digest::of(&Library::patched(0, 1).bytes);
        statement.downloads.retain(|it| it.from_sha256 != Some(one));
        statement.downloads.push(wrong);
    });
    stand.choose(&[&two]);
    stand.phone.server.forget();
    let app = stand.start();
    app.update().unwrap();
    assert_eq!(notices(&app), ["delta_failed"]);
    assert_eq!(downloads(&stand).last(), Some(&release_path(&two)));
    assert_eq!(app.updater.bans().unwrap(), []);
    drop(app);
    assert_eq!(stand.boots(), 2);
}

#[test]
fn a_delta_that_is_not_served_or_not_as_signed_is_followed_by_the_other_download() {
    let bytes = Library::patched(0, 2).delta_from(&Library::patched(0, 1));
    let (other, long) = (vec![0; bytes.len()], [&bytes[..], b"more"].concat());
    for served in [None, Some(other), Some(long)] {
        let mut stand = stand(Ask::Files);
        let two = put_up_two(&stand, |_| {});
        stand.choose(&[&two]);
        match &served {
            None => stand.phone.server.take_away(&delta_path()),
            Some(bytes) => stand.phone.server.put(&delta_path(), bytes),
        }
        stand.phone.server.forget();
        assert_eq!(stand.installs(), Ok(2));
        assert_eq!(downloads(&stand), [delta_path(), release_path(&two)]);
        assert_eq!(stand.start().updater.bans().unwrap(), []);
    }
}

/// Where neither arrives nothing is counted, however often; once one does, it installs.
#[test]
fn a_delta_that_fails_again_and_again_is_never_held_against_its_patch() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    stand.choose(&[&two]);
    stand.phone.server.put(&delta_path(), &[0; 64]);
    let path = release_path(&two);
    let bytes = stand.phone.server.files()[&path].clone();
    stand.phone.server.take_away(&path);
    for _ in 0..10 {
        stand.phone.server.forget();
        stand.installs().unwrap_err();
        assert_eq!(downloads(&stand), [delta_path(), path.clone()]);
    }
    assert_eq!(stand.start().updater.bans().unwrap(), []);
    stand.phone.server.put(&path, &bytes);
    assert_eq!(stand.installs(), Ok(2));
}

/// Without it there would be no way on where the delta fails.
#[test]
fn a_statement_of_deltas_alone_is_not_for_this_version() {
    let mut stand = stand(Ask::Files);
    let base = Digest::of(&Library::base(0).bytes);
    let two = put_up_two(&stand, |statement| {
        statement
            .downloads
            .retain(|it| it.from_sha256 != Some(base));
    });
    stand.choose(&[&two]);
    stand.refuses("made against the bundled library");
    assert!(stand.start().updater.bans().unwrap().is_empty());
}

fn facts(patch: &SignedPatch, download: &[u8]) -> PatchFacts {
    PatchFacts {
        number: patch.statement.number,
        library_sha256: *patch.statement.files[0].sha256.bytes(),
        patch_sha256: Some(*Digest::of(download).bytes()),
        data_epoch: 0,
        reads_data_epoch: 0,
        voucher: Some(patch.envelope.clone()),
    }
}

#[test]
fn an_app_may_bring_a_delta_over_what_runs_and_over_nothing_else() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    let delta = Library::patched(0, 2).delta_from(&Library::patched(0, 1));
    let facts = facts(&two, &delta);
    let app = stand.start();
    assert_eq!(app.number(), 1);
    app.updater
        .install_bytes(&facts, &delta, &Cancel::new())
        .unwrap();
    drop(app);
    assert_eq!(stand.boots(), 2);
    let mut other = Stand::new(Ask::Files);
    let app = other.start();
    let refused = app.updater.install_bytes(&facts, &delta, &Cancel::new());
    let refused = refused.unwrap_err();
    assert!(matches!(refused, UpdateError::Untrusted(_)), "{refused}");
    assert!(refused.to_string().contains("is neither the release's"));
    assert_eq!(app.updater.bans().unwrap(), []);
}

#[test]
fn an_app_that_brings_a_delta_over_a_library_that_is_gone_is_told_so() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    let delta = Library::patched(0, 2).delta_from(&Library::patched(0, 1));
    let app = stand.start();
    let one = Library::patched(0, 1).id;
    stand.overwrite(&format!("generations/{one}/libapp.so"), b"rot");
    let cancel = Cancel::new();
    let facts = facts(&two, &delta);
    let refused = app.updater.install_bytes(&facts, &delta, &cancel);
    assert_eq!(refused.unwrap_err().at_fault(), AtFault::PatchOrTransport);
    assert_eq!(app.updater.bans().unwrap(), []);
}

#[test]
fn a_delta_is_fetched_to_its_signed_size_and_no_further() {
    let mut stand = stand(Ask::Files);
    let two = put_up_two(&stand, |_| {});
    stand.choose(&[&two]);
    stand.phone.server.put(&delta_path(), &[7; 4096]);
    let delta_bytes = Library::patched(0, 2).delta_from(&Library::patched(0, 1));
    let delta_bytes = u64::try_from(delta_bytes.len()).unwrap();
    let release_bytes = two.statement.downloads.iter().map(|it| it.size_bytes);
    let most = release_bytes.max().unwrap();
    let app = stand.start();
    let mut read = 0;
    let updated = app.updater.update(&Cancel::new(), &mut |progress| {
        if let Progress::Downloading { bytes, .. } = progress {
            read = read.max(bytes);
        }
    });
    updated.unwrap();
    assert!(delta_bytes < most && read == most, "{read}");
}
