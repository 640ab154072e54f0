//! Where patches go, whom they reach, and who may say so.

use super::*;

impl Client {
    /// The id of a channel, which is made where it is not there.
    pub(crate) fn channel(&self, app: &Word, name: &Word) -> Result<i64, ClientError> {
        let path = of_app(app, "/channels");
        let all: Vec<Channel> = self.http.get(&path, &[])?;
        let known = all.into_iter().find(|it| it.name == name.as_str());
        if let Some(known) = known {
            return Ok(known.id);
        }
        let new = NewChannel {
            channel: name.to_string(),
        };
        let made: Channel = self.http.post(&path, &new)?;
        Ok(made.id)
    }

    pub(crate) fn promote(&self, app: &Word, promote: Promote) -> Result<(), ClientError> {
        let path = of_app(app, "/patches/promote");
        self.http.tell(Method::POST, &path, Some(&promote))
    }

    pub(crate) fn roll_out(
        &self,
        app: &Word,
        patch_id: i64,
        rollout_basis_points: u16,
    ) -> Result<(), ClientError> {
        let path = of_app(app, &format!("/patches/{patch_id}/rollout"));
        let rollout = Rollout {
            rollout_basis_points,
        };
        self.http.tell(Method::PUT, &path, Some(&rollout))
    }

    pub(crate) fn roll_back(
        &self,
        app: &Word,
        release_id: i64,
        patch_id: i64,
        undo: bool,
    ) -> Result<(), ClientError> {
        let path = of_release(app, release_id, &format!("/patches/{patch_id}/rollback"));
        self.http.tell(on_or_off(undo), &path, NOTHING)
    }

    pub(crate) fn kill_switch(
        &self,
        app: &Word,
        release_id: i64,
        undo: bool,
    ) -> Result<(), ClientError> {
        let path = of_release(app, release_id, "/kill-switch");
        self.http.tell(on_or_off(undo), &path, NOTHING)
    }

    /// Makes a token. The answer is the only one that ever has it.
    ///
    /// # Errors
    /// As [`Client::status`].
    pub fn create_token(&self, new: &NewToken) -> Result<CreatedToken, ClientError> {
        self.http.post("/api/v1/tokens", new)
    }

    /// The tokens of the server.
    ///
    /// # Errors
    /// As [`Client::status`].
    pub fn tokens(&self) -> Result<Tokens, ClientError> {
        self.http.get("/api/v1/tokens", &[])
    }

    /// Revokes a token.
    ///
    /// # Errors
    /// As [`Client::status`].
    pub fn revoke_token(&self, id: i64) -> Result<(), ClientError> {
        let path = format!("/api/v1/tokens/{id}");
        self.http.tell(Method::DELETE, &path, NOTHING)
    }
}

fn on_or_off(undo: bool) -> Method {
    if undo { Method::DELETE } else { Method::POST }
}
