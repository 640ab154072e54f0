//! Why the store did not do what was asked.

use sqlx::error::ErrorKind;

/// Why the store did not do what was asked, and whose fault that is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The one who asks names something that is not there, or not part of what they name it in.
    #[error("there is no {what} {id} here; list what there is and name one of it")]
    NotFound {
        /// What kind of thing.
        what: &'static str,
        /// What it was called.
        id: String,
    },
    /// What was asked does not go together with what is here, as others may have left it.
    #[error("this {what} cannot be written: {why}")]
    Conflict {
        /// What kind of thing.
        what: &'static str,
        /// What was expected and found, and how to mend it.
        why: String,
    },
    /// What was asked can never be done, whatever is here.
    #[error("this {what} cannot be taken: {why}")]
    Invalid {
        /// What kind of thing.
        what: &'static str,
        /// What was expected and found.
        why: String,
    },
    /// The database holds what this server never writes.
    #[error(
        "the database holds a {what} that this server does not write ({why}); was it changed by \
            hand, or by a newer server?"
    )]
    Damaged {
        /// What kind of thing.
        what: &'static str,
        /// What is amiss.
        why: String,
    },
    /// The URL names no database that is spoken to.
    #[error("{why}; expected `sqlite:` and a file, or `postgres://USER@HOST/DATABASE`")]
    Url {
        /// What is amiss.
        why: String,
    },
    /// The tables could not be brought to this server's version.
    #[error("the tables of the database could not be brought to this version: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The database does not answer, or not as a database would.
    #[error("the database failed: {0}; is it running, and may this server write to it?")]
    Unavailable(#[source] sqlx::Error),
    /// The server is on its way down and takes nothing more.
    #[error("this server is stopping; ask again")]
    Stopping,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let told = error.as_database_error();
        let code = told.and_then(sqlx::error::DatabaseError::code);
        // PostgreSQL holds no text with a zero byte in it.
        if code.as_deref() == Some("22021") {
            return Self::invalid("text", "it has a zero byte; expected none");
        }
        match told.map(sqlx::error::DatabaseError::kind) {
            Some(ErrorKind::UniqueViolation) => {
                Self::conflict("row", "there is one already; look again")
            }
            Some(ErrorKind::ForeignKeyViolation) => {
                Self::conflict("row", "what it belongs to went meanwhile; look again")
            }
            _ => Self::Unavailable(error),
        }
    }
}

impl StoreError {
    pub(crate) fn not_found(what: &'static str, id: impl ToString) -> Self {
        let id = id.to_string();
        Self::NotFound { what, id }
    }

    pub(crate) fn conflict(what: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Conflict { what, why }
    }

    pub(crate) fn invalid(what: &'static str, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Invalid { what, why }
    }

    pub(crate) fn damaged(what: &'static str, why: impl ToString) -> Self {
        let why = why.to_string();
        Self::Damaged { what, why }
    }
}
