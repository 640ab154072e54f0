//! What went wrong, as a number, who has to act, and a sentence.

use patchproof_device::{
    AtFault, CheckError, ConfigureError, OperationError, ReportError, SendError, TransportError,
    UpdateError,
};

use crate::native::codes;

/// What a call of the native face answers with instead.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) code: i32,
    pub(crate) at_fault: i32,
    pub(crate) text: String,
}

impl Failure {
    /// The caller's own: an argument that means nothing.
    pub(crate) fn argument(text: String) -> Self {
        Self::app(codes::PATCHPROOF_BAD_ARGUMENT, text)
    }

    /// The app's that embeds this library.
    pub(crate) fn app(code: i32, text: impl Into<String>) -> Self {
        Self {
            code,
            at_fault: codes::PATCHPROOF_FAULT_APP,
            text: text.into(),
        }
    }

    /// The device's.
    pub(crate) fn device(text: String) -> Self {
        Self {
            code: codes::PATCHPROOF_DEVICE_FAILED,
            at_fault: codes::PATCHPROOF_FAULT_DEVICE,
            text,
        }
    }

    /// A bug of ours.
    pub(crate) fn bug() -> Self {
        Self {
            code: codes::PATCHPROOF_BUG,
            at_fault: codes::PATCHPROOF_FAULT_NOBODY,
            text: "a bug of Patchproof: it panicked, and what it said is on standard error; what \
                   was installed stands"
                .to_owned(),
        }
    }

    fn of(code: i32, at_fault: AtFault, text: String) -> Self {
        Self {
            code,
            at_fault: at_fault_code(at_fault),
            text,
        }
    }
}

impl From<ConfigureError> for Failure {
    fn from(error: ConfigureError) -> Self {
        Self::app(codes::PATCHPROOF_NOT_CONFIGURED, error.to_string())
    }
}

impl From<OperationError> for Failure {
    fn from(error: OperationError) -> Self {
        let code = of_operation(&error);
        Self::of(code, error.at_fault(), error.to_string())
    }
}

impl From<ReportError> for Failure {
    fn from(error: ReportError) -> Self {
        let code = match &error {
            ReportError::NotThisBoot => codes::PATCHPROOF_WRONG_ORDER,
            ReportError::Operation(error) => of_operation(error),
            _ => codes::PATCHPROOF_DEVICE_FAILED,
        };
        Self::of(code, error.at_fault(), error.to_string())
    }
}

impl From<CheckError> for Failure {
    fn from(error: CheckError) -> Self {
        let code = of_check(&error);
        Self::of(code, error.at_fault(), error.to_string())
    }
}

impl From<SendError> for Failure {
    fn from(error: SendError) -> Self {
        let code = match &error {
            SendError::InProgress => codes::PATCHPROOF_BUSY,
            SendError::Transport(error) => of_transport(error),
            SendError::Operation(error) => of_operation(error),
            _ => codes::PATCHPROOF_DEVICE_FAILED,
        };
        Self::of(code, error.at_fault(), error.to_string())
    }
}

impl From<UpdateError> for Failure {
    fn from(error: UpdateError) -> Self {
        let code = match &error {
            UpdateError::InProgress => codes::PATCHPROOF_BUSY,
            UpdateError::Cancelled => codes::PATCHPROOF_CANCELLED,
            UpdateError::Check(error) => of_check(error),
            UpdateError::Download(error) => of_transport(error),
            UpdateError::Patch(_) => codes::PATCHPROOF_BAD_PATCH,
            UpdateError::Base { .. } => codes::PATCHPROOF_NOT_CONFIGURED,
            UpdateError::Untrusted(_) => codes::PATCHPROOF_UNTRUSTED,
            UpdateError::Operation(error) => of_operation(error),
            _ => codes::PATCHPROOF_DEVICE_FAILED,
        };
        Self::of(code, error.at_fault(), error.to_string())
    }
}

fn of_check(error: &CheckError) -> i32 {
    match error {
        CheckError::Transport(error) => of_transport(error),
        CheckError::Answer(_) | CheckError::OtherOrigin { .. } => codes::PATCHPROOF_BAD_ANSWER,
        CheckError::Untrusted(_) => codes::PATCHPROOF_UNTRUSTED,
        CheckError::OtherChannel { .. } => codes::PATCHPROOF_BAD_ARGUMENT,
        CheckError::Operation(error) => of_operation(error),
        _ => codes::PATCHPROOF_DEVICE_FAILED,
    }
}

const fn of_operation(error: &OperationError) -> i32 {
    match error {
        OperationError::Busy => codes::PATCHPROOF_BUSY,
        _ => codes::PATCHPROOF_DEVICE_FAILED,
    }
}

const fn of_transport(error: &TransportError) -> i32 {
    match error {
        TransportError::Cancelled => codes::PATCHPROOF_CANCELLED,
        TransportError::Sink(_) => codes::PATCHPROOF_DEVICE_FAILED,
        _ => codes::PATCHPROOF_NETWORK_FAILED,
    }
}

const fn at_fault_code(at_fault: AtFault) -> i32 {
    match at_fault {
        AtFault::Patch => codes::PATCHPROOF_FAULT_PATCH,
        AtFault::PatchOrTransport => codes::PATCHPROOF_FAULT_PATCH_OR_TRANSPORT,
        AtFault::Transport => codes::PATCHPROOF_FAULT_TRANSPORT,
        AtFault::Server => codes::PATCHPROOF_FAULT_SERVER,
        AtFault::Device => codes::PATCHPROOF_FAULT_DEVICE,
        AtFault::App => codes::PATCHPROOF_FAULT_APP,
        _ => codes::PATCHPROOF_FAULT_NOBODY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patch_over_what_was_not_asked_about_is_the_servers_bad_answer() {
        let (number, from_sha256) = (2, "00".repeat(32));
        let failure = Failure::from(CheckError::OtherOrigin {
            number,
            from_sha256,
        });
        let found = (failure.code, failure.at_fault);
        let expected = (codes::PATCHPROOF_BAD_ANSWER, codes::PATCHPROOF_FAULT_SERVER);
        assert_eq!(found, expected);
    }
}
