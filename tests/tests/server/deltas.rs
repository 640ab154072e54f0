//! Deltas between patches: only for devices that say what they run.

use libtest_mimic::Failed;
use patchproof_patch::{CodecChoice, MakeOptions, make_with};
use patchproof_testkit::phone::Library;
use patchproof_tests::claims;
use patchproof_tests::trials::same;
use serde_json::{Value, json};

use crate::Claim;
use crate::stage::Stand;
use crate::world::{App, Release, download, offered, sha256};

pub(crate) fn claims() -> Vec<(&'static str, Claim)> {
    let claims: [(&str, Claim); 4] = claims![
        who_does_not_say_what_runs_gets_the_patch_from_the_release
        who_runs_the_earlier_patch_gets_the_cheapest_and_is_told_what_it_is_made_of
        who_runs_something_else_gets_the_patch_from_the_release
        a_delta_from_a_patch_that_nobody_published_is_refused
    ];
    claims.to_vec()
}

/// A release with patch 1, and patch 2 with a delta from 1.
struct Chain {
    app: App,
    release: Release,
    first: Library,
    second: Library,
    delta: Vec<u8>,
}

impl Chain {
    fn new(stand: &Stand) -> Result<Self, Failed> {
        let (app, release) = stand.world()?.released()?;
        let (first, second) = (Library::patched(0, 1), Library::patched(0, 2));
        app.publish(&release, 1, 1)?;
        let delta = second.delta_from(&first).to_vec();
        app.put_blob(&delta)?.success()?;
        let mut asked = app.publication(&release, 2, 2);
        let mut of_first = download(&delta);
        of_first["from_sha256"] = json!(sha256(&first.bytes));
        // From the release in our container: smaller or not, Shorebird's clients cannot read it.
        let options = MakeOptions::patchproof(CodecChoice::Zstd);
        let ours = make_with(&release.library, &second.bytes, options)?;
        app.put_blob(&ours)?.success()?;
        let mut of_release = download(&ours);
        of_release["container"] = json!("patchproof");
        let downloads = asked.pointer_mut("/artifacts/0/downloads");
        let downloads = downloads.and_then(Value::as_array_mut).ok_or("an array")?;
        downloads.extend([of_first, of_release]);
        app.publish_as(asked, 2)?;
        Ok(Self {
            app,
            release,
            first,
            second,
            delta,
        })
    }

    fn told(&self, runs: Option<&[u8]>) -> Result<Value, Failed> {
        let fields = match runs {
            Some(runs) => json!({"patchproof_runs_sha256": sha256(runs)}),
            None => json!({}),
        };
        let answer = self.app.check(&self.release, fields)?;
        same(offered(&answer), 2)?;
        same(&answer["patch"]["hash"], &json!(sha256(&self.second.bytes)))?;
        Ok(answer["patch"].clone())
    }

    /// The smallest of these; of equal ones any.
    fn is_smallest(&self, patch: &Value, of: &[&Value]) -> Result<(), Failed> {
        let size = |value: &Value| value["size_bytes"].as_u64().unwrap_or(u64::MAX);
        let least = of.iter().map(|download| size(download)).min();
        let url = patch["download_url"].as_str().unwrap_or_default();
        let named = |download: &&&Value| url.ends_with(download["sha256"].as_str().unwrap_or("?"));
        same(of.iter().find(named).map(|download| size(download)), least)
    }

    /// What an offer is made of is told; where nothing is, it is the release.
    fn is_made_of(&self, patch: &Value, library: &[u8]) -> Result<(), Failed> {
        let told = patch["patchproof"]["from_sha256"].as_str();
        let told = told.map_or_else(|| sha256(&self.release.library), str::to_owned);
        same(told, sha256(library))
    }

    fn downloads(&self) -> Result<Vec<Value>, Failed> {
        let status = self.app.status(&self.release)?;
        let downloads = status.pointer("/patches/1/artifacts/0/downloads");
        let downloads = downloads.and_then(Value::as_array).ok_or("no downloads")?;
        Ok(downloads.clone())
    }
}

fn who_does_not_say_what_runs_gets_the_patch_from_the_release(stand: &Stand) -> Result<(), Failed> {
    let chain = Chain::new(stand)?;
    let patch = chain.told(None)?;
    let url = patch["download_url"].as_str().unwrap_or_default();
    same(url.ends_with(&sha256(&chain.second.patch)), true)?;
    same(patch.get("patchproof"), None)
}

fn who_runs_the_earlier_patch_gets_the_cheapest_and_is_told_what_it_is_made_of(
    stand: &Stand,
) -> Result<(), Failed> {
    let chain = Chain::new(stand)?;
    let patch = chain.told(Some(&chain.first.bytes))?;
    let all = chain.downloads()?;
    same(all.len(), 3)?;
    chain.is_smallest(&patch, &all.iter().collect::<Vec<_>>())?;
    let url = patch["download_url"].as_str().unwrap_or_default();
    let body = chain.app.device.get(url)?.expect(200)?.body;
    let from = match body == chain.delta {
        true => &*chain.first.bytes,
        false => &*chain.release.library,
    };
    chain.is_made_of(&patch, from)
}

fn who_runs_something_else_gets_the_patch_from_the_release(stand: &Stand) -> Result<(), Failed> {
    let chain = Chain::new(stand)?;
    let all = chain.downloads()?;
    let of_release = |download: &&Value| download.get("from_sha256").is_none();
    let of_release: Vec<&Value> = all.iter().filter(of_release).collect();
    for runs in [&*chain.release.library, &*chain.second.bytes, b"unknown"] {
        let patch = chain.told(Some(runs))?;
        chain.is_made_of(&patch, &chain.release.library)?;
        chain.is_smallest(&patch, &of_release)?;
    }
    Ok(())
}

fn a_delta_from_a_patch_that_nobody_published_is_refused(stand: &Stand) -> Result<(), Failed> {
    let (app, release) = stand.world()?.released()?;
    let (first, second) = (Library::patched(0, 1), Library::patched(0, 2));
    let delta = second.delta_from(&first);
    app.put_blob(&delta)?.success()?;
    app.put_blob(&second.patch)?.success()?;
    let mut asked = app.publication(&release, 1, 2);
    let mut of_first = download(&delta);
    of_first["from_sha256"] = json!(sha256(&first.bytes));
    asked["artifacts"][0]["downloads"] = json!([download(&second.patch), of_first]);
    app.api.post(&app.path("publish"), &asked)?.expect(422)?;
    same(app.next_number(&release)?, 1)
}
