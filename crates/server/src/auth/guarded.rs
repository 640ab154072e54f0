//! The state of the developer's routes, and what a handler reaches once it passed a check.

use std::sync::Arc;

use crate::App;
use crate::blobs::Blobs;
use crate::checking::Desk;
use crate::http::Fault;
use crate::settings::Settings;
use crate::store::Store;
use crate::uploads::Inbox;
use crate::view::Views;

/// The server behind its doors. Handlers cannot look into it: extractors of this room can.
#[derive(Clone)]
pub struct Guarded {
    pub(super) reach: Reach,
}

impl Guarded {
    /// The server, guarded.
    #[must_use]
    pub fn new(app: Arc<App>) -> Self {
        let desk = Desk::default();
        Self {
            reach: Reach { app, desk },
        }
    }
}

/// What lies behind the doors.
#[derive(Clone)]
pub struct Reach {
    app: Arc<App>,
    desk: Desk,
}

impl Reach {
    /// What the server knows.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// What files it keeps.
    #[must_use]
    pub fn blobs(&self) -> &Blobs {
        &self.app.blobs
    }

    /// What devices see.
    #[must_use]
    pub fn views(&self) -> &Views {
        &self.app.views
    }

    /// How the server is to run.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.app.settings
    }

    /// Where files are looked at.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// Where files lie while they come.
    #[must_use]
    pub fn inbox(&self) -> Inbox {
        Inbox::of(self.settings())
    }

    /// Where developers find this path of the server.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.public_url)
    }

    /// Makes this process's devices see what was just written, before it is acknowledged.
    ///
    /// # Errors
    ///
    /// Where the store does not answer: then the write stands, and devices see it a little later.
    pub async fn refresh(&self, app_id: &str) -> Result<(), Fault> {
        Ok(self.views().refresh(self.store(), app_id).await?)
    }
}
