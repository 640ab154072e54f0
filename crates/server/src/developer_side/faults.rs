//! What goes wrong below, as a developer is told it.

use http::StatusCode;

use crate::blobs::BlobError;
use crate::checking::Unfit;
use crate::http::Fault;
use crate::store::StoreError;

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NotFound { .. } => Self::not_found(message),
            StoreError::Conflict { what, .. } => {
                let code = match what {
                    "patch number" => "number_taken",
                    "channel statement" => "counter_taken",
                    _ => "conflict",
                };
                Self::new(StatusCode::CONFLICT, code, message)
            }
            StoreError::Invalid { .. } => Self::bad_request(message),
            error => Self::unavailable("database", &error),
        }
    }
}

impl From<Unfit> for Fault {
    fn from(unfit: Unfit) -> Self {
        let message = unfit.to_string();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, unfit.code(), message)
    }
}

impl From<BlobError> for Fault {
    fn from(error: BlobError) -> Self {
        Self::unavailable("store of files", &error)
    }
}
