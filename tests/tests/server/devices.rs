//! The device library over real HTTP against the real server, with real snapshots.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use libtest_mimic::{Failed, Trial};
use patchproof_patch::{CodecChoice, MakeOptions, make, make_with};
use patchproof_testkit::corpora;
use patchproof_tests::trials::same;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::signing::Signer;
use crate::stage::{Backend, Stage, Stand};
use crate::world::{App, Release, World, download, sha256};

pub(crate) fn trials(stage: &Arc<Stage>, backend: Backend) -> Vec<Trial> {
    let stories: [(&str, Profile); 3] = [
        (
            "a_device_of_shorebirds_profile_follows_its_server",
            Profile::Shorebird,
        ),
        (
            "a_device_that_asks_live_for_statements_follows_its_server",
            Profile::Live,
        ),
        (
            "a_device_that_asks_for_files_follows_its_server",
            Profile::Files,
        ),
    ];
    let trial = |(name, profile)| {
        let stand = Stand::new(stage, backend);
        let name = format!("{}::{name}", backend.name());
        corpora::trial(name, &ARTEFACTS, move |paths| story(&stand, profile, paths))
    };
    stories.map(trial).into()
}

/// Whose word a device takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Profile {
    Shorebird,
    Live,
    Files,
}

/// An app of real snapshots, and a phone with it.
struct Story {
    app: App,
    release: Release,
    signer: Option<Signer>,
    libraries: [Vec<u8>; 3],
    base: PathBuf,
    options: Vec<String>,
    folder: TempDir,
    server: String,
}

fn story(stand: &Stand, profile: Profile, paths: &[PathBuf]) -> Result<(), Failed> {
    let world = stand.world()?;
    let story = Story::begin(&world, profile, paths)?;
    let [_, first, second] = &story.libraries;
    let release = &story.release;

    // As it was shipped; then a patch that reaches nobody yet.
    story
        .updates("UpToDate")
        .or_else(|_| story.updates_nothing_yet())?;
    let one = story.publish(1, first, None, 0)?;
    story.updates("UpToDate")?;
    story.boots(None)?;

    // Rolled out: the process that fetches it runs on as it was, the next one boots it.
    story.app.promote(one, "stable", 10_000)?;
    story.updates("Installed")?;
    story.boots(Some((1, first)))?;
    story.updates("UpToDate")?;

    // The next patch, as a delta from the first beside the one from the release.
    let two = story.publish(2, second, Some(first), 10_000)?;
    story.updates("Installed")?;
    story.boots(Some((2, second)))?;

    // Rolled back, one and all; then forward.
    story.app.roll("POST", release, two)?;
    drop(story.process(&["update"])?);
    story.boots(Some((1, first)))?;
    story.app.kill_switch("POST", release)?;
    drop(story.process(&["update"])?);
    story.boots(None)?;
    story.app.kill_switch("DELETE", release)?;
    story.updates("Installed")?;
    story.boots(Some((1, first)))?;
    story.app.roll("DELETE", release, two)?;
    story.updates("Installed")?;
    story.boots(Some((2, second)))?;
    story.told_what_happened(profile)
}

impl Story {
    fn begin(world: &World, profile: Profile, paths: &[PathBuf]) -> Result<Self, Failed> {
        let [base, first, second] = paths else {
            return Err("three paths were asked for".into());
        };
        let libraries = [
            std::fs::read(base)?,
            std::fs::read(first)?,
            std::fs::read(second)?,
        ];
        let app = world.app()?;
        let release = app.release_of("1.0.0+1", &libraries[0], "linux", "x86_64")?;
        let folder = tempfile::tempdir()?;
        let mut options = vec![format!("app={}", app.id)];
        let mut signer = None;
        if profile != Profile::Shorebird {
            let of_app = Signer::of(&app)?;
            let root = folder.path().join("root.json");
            std::fs::write(&root, &of_app.envelope)?;
            let name = if profile == Profile::Live {
                "live"
            } else {
                "under"
            };
            options.push(format!("{name}={}", root.display()));
            signer = Some(of_app);
        }
        Ok(Self {
            app,
            release,
            signer,
            libraries,
            base: base.clone(),
            options,
            folder,
            server: world.serve.url(),
        })
    }

    /// Publishes a library to so many of 10,000, and with a delta from an earlier one.
    fn publish(
        &self,
        number: u64,
        library: &[u8],
        from: Option<&Vec<u8>>,
        to: u16,
    ) -> Result<i64, Failed> {
        let [base, ..] = &self.libraries;
        let of_base = make(base, library, 3)?;
        let mut downloads = vec![(of_base.clone(), base.as_slice())];
        let mut listed = vec![download(&of_base)];
        if let Some(from) = from {
            let options = MakeOptions::patchproof(CodecChoice::Zstd);
            let delta = make_with(from, library, options)?;
            let mut of_delta = download(&delta);
            of_delta["from_sha256"] = json!(sha256(from));
            of_delta["container"] = json!("patchproof");
            downloads.push((delta, from));
            listed.push(of_delta);
        }
        for (bytes, _) in &downloads {
            self.app.put_blob(bytes)?.success()?;
        }
        let mut asked = json!({
            "release_id": self.release.id,
            "number": number,
            "channel": "stable",
            "rollout_basis_points": to,
            "artifacts": [{
                "platform": "linux",
                "arch": "x86_64",
                "hash": sha256(library),
                "size_bytes": library.len(),
                "downloads": listed,
            }],
        });
        if let Some(signer) = &self.signer {
            let statement = signer.statement_of(&self.release, number, library, &downloads)?;
            let envelope = signer.publisher.signed_patch(statement).envelope;
            asked["artifacts"][0]["statement"] = json!(String::from_utf8(envelope)?);
        }
        let made = self.app.api.post(&self.app.path("publish"), &asked)?;
        crate::world::id(&made.success()?.value()?)
    }

    /// One process of the app, from its start to its end, and what it printed.
    fn process(&self, acts: &[&str]) -> Result<String, Failed> {
        let output = Command::new(env!("CARGO_BIN_EXE_device_under_test"))
            .arg(self.folder.path().join("patches"))
            .arg(&self.server)
            .arg(&self.base)
            .args(["-", "-"])
            .args(&self.options)
            .args(acts)
            .output()?;
        Ok(String::from_utf8(output.stdout)?)
    }

    fn updates(&self, outcome: &str) -> Result<(), Failed> {
        let said = self.process(&["update"])?;
        let found = said.lines().find_map(|line| line.strip_prefix("update "));
        let found = found.unwrap_or_default();
        same(found.starts_with(outcome), true).map_err(|_| format!("not {outcome}: {said}").into())
    }

    /// A signed app whose release was never patched has no channel statement yet.
    fn updates_nothing_yet(&self) -> Result<(), Failed> {
        let said = self.process(&["update"])?;
        let expected = self.signer.is_some() && said.contains("no channel statement");
        same(expected, true).map_err(|_| said.into())
    }

    /// What the next process boots, and that it was well.
    fn boots(&self, what: Option<(u64, &[u8])>) -> Result<(), Failed> {
        let said = self.process(&["healthy"])?;
        let booted = said.lines().find_map(|line| line.strip_prefix("booted "));
        let booted = booted.ok_or_else(|| format!("nothing booted: {said}"))?;
        let mut booted = booted.split(' ');
        let number: u64 = booted.next().unwrap_or_default().parse()?;
        same(
            (number, &said),
            (what.map_or(0, |(number, _)| number), &said),
        )?;
        if let Some((_, library)) = what {
            let path = Path::new(booted.next().unwrap_or_default());
            same(sha256(&std::fs::read(path)?), sha256(library))?;
        }
        Ok(())
    }

    fn told_what_happened(&self, profile: Profile) -> Result<(), Failed> {
        let status = self.app.status(&self.release)?;
        let count = |patch: usize, kind: &str| status["patches"][patch]["events"][kind].as_u64();
        // Whoever asks for files alone tells nobody anything.
        let expected = profile != Profile::Files;
        for (patch, kind) in [(0, "__patch_install__"), (1, "__patch_install__")] {
            let told = count(patch, kind).is_some_and(|count| count > 0);
            same((patch, kind, told), (patch, kind, expected))
                .map_err(|_| format!("{profile:?}: {}", Value::to_string(&status)))?;
        }
        Ok(())
    }
}

/// What was shipped, its neighbour by the same compiler, and the next.
const ARTEFACTS: [&str; 3] = [
    "sass-embedded-linux-x64@1.97.1/sass.snapshot",
    "sass-embedded-linux-x64@1.97.2/sass.snapshot",
    "sass-embedded-linux-x64@1.97.3/sass.snapshot",
];
