//! The server's API, one function a request.

mod changing;

use std::path::Path;

use patchproof_protocol::Platform;
use patchproof_protocol::developer::{
    Apps, Channel, CreatedApp, CreatedPatch, CreatedRelease, CreatedReleaseArtifact, CreatedToken,
    NewApp, NewChannel, NewRelease, NewReleaseArtifact, NewToken, NextNumber, Patches, Promote,
    Publish, Release, ReleaseArtifact, ReleaseArtifacts, ReleaseStatus, Releases, Rollout, Roots,
    Status, Tokens, UpdateRelease,
};
use patchproof_trust::Word;
use ureq::http::Method;

use crate::error::{ClientError, PublishError};
use crate::http::{Http, Patience, Sent, Wanted};
use crate::server_url::{ServerUrl, escaped};
use crate::token::Token;
use crate::watch::Watch;

/// A server, and the right to ask it.
#[derive(Debug)]
pub struct Client {
    http: Http,
}

impl Client {
    /// Asks this server with this token. Nothing is sent yet.
    #[must_use]
    pub fn new(server: ServerUrl, token: Token) -> Self {
        Self::with_patience(server, token, Patience::default())
    }

    pub(crate) fn with_patience(server: ServerUrl, token: Token, patience: Patience) -> Self {
        Self {
            http: Http::new(server, token, patience),
        }
    }

    /// Which server that is.
    pub(crate) const fn server(&self) -> &ServerUrl {
        self.http.server()
    }

    /// The apps that the token may see.
    pub(crate) fn apps(&self) -> Result<Apps, ClientError> {
        self.http.get("/api/v1/apps", &[])
    }

    /// Makes an app under this id.
    pub(crate) fn create_app(
        &self,
        app: &Word,
        display_name: &str,
    ) -> Result<CreatedApp, ClientError> {
        let new = NewApp {
            display_name: display_name.to_owned(),
            organization_id: None,
            app_id: Some(app.to_string()),
        };
        self.http.post("/api/v1/apps", &new)
    }

    /// How an app stands; all of its releases, or the one of this version.
    ///
    /// # Errors
    /// The server's no, or why it could not be asked.
    pub fn status(&self, app: &Word, version: Option<&Word>) -> Result<Status, ClientError> {
        let query = version.map(|version| ("release", version.as_str()));
        let query: Vec<(&str, &str)> = query.into_iter().collect();
        self.http.get(&of_app(app, "/status"), &query)
    }

    /// The release of a version, if there is one.
    pub(crate) fn release(
        &self,
        app: &Word,
        version: &Word,
    ) -> Result<Option<Release>, ClientError> {
        let all: Releases = self.http.get(&of_app(app, "/releases"), &[])?;
        let mut all = all.releases.into_iter();
        Ok(all.find(|release| release.version == version.as_str()))
    }

    pub(crate) fn create_release(
        &self,
        app: &Word,
        new: &NewRelease,
    ) -> Result<Release, ClientError> {
        let created: CreatedRelease = self.http.post(&of_app(app, "/releases"), new)?;
        Ok(created.release)
    }

    pub(crate) fn activate(
        &self,
        app: &Word,
        release_id: i64,
        platform: Platform,
    ) -> Result<(), ClientError> {
        let update = UpdateRelease {
            status: Some(ReleaseStatus::Active),
            platform: Some(platform),
            ..UpdateRelease::default()
        };
        let path = of_release(app, release_id, "");
        self.http.tell(Method::PATCH, &path, Some(&update))
    }

    pub(crate) fn artifacts(
        &self,
        app: &Word,
        release_id: i64,
    ) -> Result<Vec<ReleaseArtifact>, ClientError> {
        let path = of_release(app, release_id, "/artifacts");
        let all: ReleaseArtifacts = self.http.get(&path, &[])?;
        Ok(all.artifacts)
    }

    pub(crate) fn create_artifact(
        &self,
        app: &Word,
        release_id: i64,
        new: &NewReleaseArtifact,
    ) -> Result<CreatedReleaseArtifact, ClientError> {
        let path = of_release(app, release_id, "/artifacts");
        let fields = [
            ("arch", new.arch.as_str()),
            ("platform", new.platform.name()),
            ("hash", &new.hash),
            ("size", &new.size.to_string()),
            ("filename", &new.filename),
            (
                "can_sideload",
                if new.can_sideload { "true" } else { "false" },
            ),
        ];
        self.http.post_form(&path, &fields)
    }

    pub(crate) fn upload_file(
        &self,
        to: &str,
        path: &Path,
        watch: &dyn Watch,
    ) -> Result<(), ClientError> {
        self.http.upload(to, &Sent::File { path, watch })
    }

    pub(crate) fn upload_bytes(&self, to: &str, bytes: &[u8]) -> Result<(), ClientError> {
        self.http.upload(to, &Sent::Bytes(bytes))
    }

    /// The number that the next patch of a release gets.
    pub(crate) fn next_number(&self, app: &Word, release_id: i64) -> Result<u64, ClientError> {
        let path = of_release(app, release_id, "/next-number");
        let next: NextNumber = self.http.get(&path, &[])?;
        Ok(next.number)
    }

    pub(crate) fn patches(&self, app: &Word, release_id: i64) -> Result<Patches, ClientError> {
        self.http.get(&of_release(app, release_id, "/patches"), &[])
    }

    pub(crate) fn put_blob(
        &self,
        app: &Word,
        sha256: &str,
        bytes: &[u8],
    ) -> Result<(), ClientError> {
        self.http.put(&blob(app, sha256), &Sent::Bytes(bytes))
    }

    pub(crate) fn blob_to_file(
        &self,
        app: &Word,
        wanted: Wanted<'_>,
        into: &Path,
        watch: &dyn Watch,
    ) -> Result<(), ClientError> {
        let path = blob(app, wanted.sha256);
        self.http.download_file(&path, wanted, into, watch)
    }

    pub(crate) fn blob(
        &self,
        app: &Word,
        wanted: Wanted<'_>,
        watch: &dyn Watch,
    ) -> Result<Vec<u8>, ClientError> {
        self.http.download(&blob(app, wanted.sha256), wanted, watch)
    }

    /// Asked once: whoever is not sure whether it happened looks first.
    pub(crate) fn publish(
        &self,
        app: &Word,
        publish: &Publish,
    ) -> Result<CreatedPatch, ClientError> {
        self.http.post(&of_app(app, "/publish"), publish)
    }

    /// The roots of an app, in the order of their versions; none where nothing is signed.
    pub(crate) fn roots(&self, app: &Word) -> Result<Roots, ClientError> {
        self.http.get(&of_app(app, "/roots"), &[])
    }

    /// Puts a root: the first one, or the next.
    pub(crate) fn put_root(
        &self,
        app: &Word,
        version: u64,
        envelope: &[u8],
    ) -> Result<(), ClientError> {
        let path = of_app(app, &format!("/roots/{version}"));
        self.http.put(&path, &Sent::document(envelope))
    }

    /// The release of a version, which must be there.
    pub(crate) fn must_have(&self, app: &Word, version: &Word) -> Result<Release, PublishError> {
        let found = self.release(app, version)?;
        found.ok_or_else(|| PublishError::NotThere {
            what: format!("release {version} of {app}"),
            remedy: "make it with `patchproof release`, or look at `patchproof status` for the \
                     versions that are there"
                .to_owned(),
        })
    }
}

fn of_app(app: &Word, rest: &str) -> String {
    format!("/api/v1/apps/{}{rest}", escaped(app.as_str()))
}

fn of_release(app: &Word, release_id: i64, rest: &str) -> String {
    of_app(app, &format!("/releases/{release_id}{rest}"))
}

fn blob(app: &Word, sha256: &str) -> String {
    of_app(app, &format!("/blobs/{}", escaped(sha256)))
}

const NOTHING: Option<&()> = None;

#[cfg(test)]
#[path = "client_tests.rs"]
mod tests;
