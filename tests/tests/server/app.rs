//! What is done with an app, by its developer and by its devices.

use libtest_mimic::Failed;
use patchproof_testkit::phone::Library;
use patchproof_tests::servers::{Answer, Client, Form};
use serde_json::{Value, json};

use crate::world::{
    App, CHECK, CLIENT, Release, download, id, merge, number, offered, sha256, text,
};

impl App {
    pub(crate) fn new(admin: &Client) -> Result<Self, Failed> {
        let asked = json!({"display_name": "An app", "organization_id": 1});
        let made = admin.post("/api/v1/apps", &asked)?.success()?.value()?;
        Ok(Self {
            id: text(&made, "/id")?.to_owned(),
            api: admin.clone(),
            device: admin.anonymous(),
        })
    }

    /// A path of the developer's side.
    pub(crate) fn path(&self, rest: &str) -> String {
        format!("/api/v1/apps/{}/{rest}", self.id)
    }

    /// A release whose library is release 0 of the made ones.
    pub(crate) fn release(&self, version: &str) -> Result<Release, Failed> {
        self.release_of(version, &Library::base(0).bytes, "android", "aarch64")
    }

    /// A release of this library, uploaded as Shorebird's tools do it.
    pub(crate) fn release_of(
        &self,
        version: &str,
        library: &[u8],
        platform: &str,
        arch: &str,
    ) -> Result<Release, Failed> {
        let id = self.begin_release(version)?;
        self.upload_release_artifact(id, library, platform, arch)?
            .success()?;
        let active = json!({"status": "active", "platform": platform, "metadata": {}});
        let path = self.path(&format!("releases/{id}"));
        self.api.json("PATCH", &path, &active)?.success()?;
        Ok(Release {
            id,
            version: version.to_owned(),
            library: library.into(),
        })
    }

    /// A release without anything in it yet.
    pub(crate) fn begin_release(&self, version: &str) -> Result<i64, Failed> {
        let asked = json!({"version": version, "flutter_revision": "83675ed2"});
        let made = self.api.post(&self.path("releases"), &asked)?;
        number(&made.success()?.value()?, "/release/id")
    }

    /// Uploads its library, and answers what the server said to the file.
    pub(crate) fn upload_release_artifact(
        &self,
        release: i64,
        library: &[u8],
        platform: &str,
        arch: &str,
    ) -> Result<Answer, Failed> {
        let (hash, size) = (sha256(library), library.len().to_string());
        let fields = Form::of(&[
            ("arch", arch),
            ("platform", platform),
            ("hash", &hash),
            ("size", &size),
            ("filename", "libapp.so"),
            ("can_sideload", "false"),
        ]);
        let path = self.path(&format!("releases/{release}/artifacts"));
        let made = self.form(&path, &fields)?.success()?.value()?;
        self.upload(text(&made, "/url")?, library)
    }

    /// Posts a form.
    pub(crate) fn form(&self, path: &str, form: &Form) -> Result<Answer, Failed> {
        let kind = form.content_type();
        let kind = [("content-type", kind.as_str())];
        self.api.ask("POST", path, &kind, &form.bytes())
    }

    /// Uploads a file as Shorebird's tools do it: the URL authorises by itself.
    pub(crate) fn upload(&self, url: &str, file: &[u8]) -> Result<Answer, Failed> {
        let form = Form::default().file("file", "libapp.so", file);
        let kind = form.content_type();
        let kind = [("content-type", kind.as_str())];
        self.device.ask("POST", url, &kind, &form.bytes())
    }

    /// Puts a file under its own hash.
    pub(crate) fn put_blob(&self, bytes: &[u8]) -> Result<Answer, Failed> {
        self.put_blob_as(&sha256(bytes), bytes)
    }

    /// Puts a file under some hash.
    pub(crate) fn put_blob_as(&self, sha256: &str, bytes: &[u8]) -> Result<Answer, Failed> {
        let kind = [("content-type", "application/octet-stream")];
        self.api
            .ask("PUT", &self.path(&format!("blobs/{sha256}")), &kind, bytes)
    }

    /// What `publish` takes, for one of the made libraries over release 0.
    pub(crate) fn publication(&self, release: &Release, number: u64, content: u8) -> Value {
        let library = Library::patched(0, content);
        json!({
            "release_id": release.id,
            "number": number,
            "channel": "stable",
            "artifacts": [{
                "platform": "android",
                "arch": "aarch64",
                "hash": sha256(&library.bytes),
                "size_bytes": library.bytes.len(),
                "downloads": [download(&library.patch)],
            }],
        })
    }

    /// Publishes one of the made libraries, and answers the patch's id.
    pub(crate) fn publish(
        &self,
        release: &Release,
        number: u64,
        content: u8,
    ) -> Result<i64, Failed> {
        self.publish_as(self.publication(release, number, content), content)
    }

    /// Publishes that, once its patch is there.
    pub(crate) fn publish_as(&self, asked: Value, content: u8) -> Result<i64, Failed> {
        self.put_blob(&Library::patched(0, content).patch)?
            .success()?;
        let made = self.api.post(&self.path("publish"), &asked)?.success()?;
        id(&made.value()?)
    }

    /// What the next patch of a release is called.
    pub(crate) fn next_number(&self, release: &Release) -> Result<u64, Failed> {
        let path = self.path(&format!("releases/{}/next-number", release.id));
        let answer = self.api.get(&path)?.expect(200)?.value()?;
        Ok(answer["number"].as_u64().ok_or("no number")?)
    }

    /// Promotes a patch to a channel, which is made where it is not there, to so many of 10,000.
    pub(crate) fn promote(&self, patch: i64, channel: &str, to: u16) -> Result<(), Failed> {
        let asked = json!({
            "patch_id": patch,
            "channel_id": self.channel(channel)?,
            "rollout_basis_points": to,
        });
        self.api
            .post(&self.path("patches/promote"), &asked)?
            .success()?;
        Ok(())
    }

    /// A channel's id.
    pub(crate) fn channel(&self, name: &str) -> Result<i64, Failed> {
        let path = self.path("channels");
        let all = self.api.get(&path)?.expect(200)?.value()?;
        let found = all.as_array().ok_or("no array")?.iter();
        let mut found = found.filter(|channel| channel["name"] == name);
        match found.next() {
            Some(channel) => id(channel),
            None => id(&self
                .api
                .post(&path, &json!({"channel": name}))?
                .success()?
                .value()?),
        }
    }

    /// Rolls a patch back, or forward again.
    pub(crate) fn roll(&self, method: &str, release: &Release, patch: i64) -> Result<(), Failed> {
        let path = self.path(&format!("releases/{}/patches/{patch}/rollback", release.id));
        self.api.ask(method, &path, &[], &[])?.success()?;
        Ok(())
    }

    /// Withdraws everything of a release, or takes that back.
    pub(crate) fn kill_switch(&self, method: &str, release: &Release) -> Result<(), Failed> {
        let path = self.path(&format!("releases/{}/kill-switch", release.id));
        self.api.ask(method, &path, &[], &[])?.success()?;
        Ok(())
    }

    /// What a device asks that is well.
    pub(crate) fn question(&self, release: &Release) -> Value {
        json!({
            "app_id": self.id,
            "channel": "stable",
            "release_version": release.version,
            "platform": "android",
            "arch": "aarch64",
            "client_id": CLIENT,
        })
    }

    /// The answer to that, with these fields in the question.
    pub(crate) fn check(&self, release: &Release, fields: Value) -> Result<Value, Failed> {
        let mut question = self.question(release);
        merge(&mut question, fields);
        let answer = self.device.post(CHECK, &question)?;
        answer.expect(200)?.value()
    }

    /// The number that is offered; 0 where there is none.
    pub(crate) fn offered(&self, release: &Release) -> Result<u64, Failed> {
        let answer = self.check(release, json!({}))?;
        Ok(offered(&answer))
    }

    /// The state of a release, as `status` tells it.
    pub(crate) fn status(&self, release: &Release) -> Result<Value, Failed> {
        let path = self.path(&format!(
            "status?release={}",
            release.version.replace('+', "%2B")
        ));
        let status = self.api.get(&path)?.expect(200)?.value()?;
        let found = status["releases"].get(0).cloned();
        Ok(found.ok_or("the release is not in the status")?)
    }
}
