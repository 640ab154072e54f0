//! Published once or not at all, though answers go missing and others publish meanwhile.

use patchproof_protocol::developer::CreatedPatch;

use crate::error::{ClientError, PublishError};

/// A patch that can be asked to be published.
pub(crate) trait Attempt {
    /// The number that it would get.
    fn number(&self) -> u64;

    /// Takes the number that is the next one now, with everything that names it.
    fn take_number(&mut self) -> Result<(), PublishError>;

    /// Asks the server to publish it under its number: it does so if that is the next one.
    fn ask(&self) -> Result<CreatedPatch, ClientError>;

    /// This very patch on the server, under one of these numbers.
    fn there(&self, numbers: &[u64]) -> Result<Option<CreatedPatch>, ClientError>;
}

/// Publishes, at most [`ATTEMPTS`] times.
///
/// Where an answer went missing, the patch may be there, or may yet come to be: the request can
/// still be on its way. So the next number is asked for before it is looked whether the patch is
/// there. If that number is the same, only one of the two requests can have it; if it is another,
/// whoever took it is there to be seen.
pub(crate) fn publish(attempt: &mut dyn Attempt) -> Result<CreatedPatch, PublishError> {
    let mut unsure: Vec<u64> = Vec::new();
    let mut attempts = 0;
    loop {
        attempts += 1;
        let error = match attempt.ask() {
            Ok(created) => return Ok(created),
            Err(error) => error,
        };
        let taken = error.code() == Some(NUMBER_TAKEN);
        if error.may_have_happened() {
            unsure.push(attempt.number());
        }
        if !taken && !error.may_have_happened() && !not_reached(&error) {
            return Err(last_word(attempt.number(), error, &unsure));
        }
        let number = attempt.number();
        attempt
            .take_number()
            .map_err(|later| match unsure.is_empty() {
                true => later,
                false => not_sure(number, &later),
            })?;
        if !unsure.is_empty() {
            let there = attempt.there(&unsure);
            let there = there.map_err(|later| not_sure(number, &later))?;
            if let Some(created) = there {
                return Ok(created);
            }
            // A number that somebody else has is decided.
            unsure.retain(|number| *number >= attempt.number());
        }
        if attempts == ATTEMPTS {
            return Err(match taken && unsure.is_empty() {
                true => PublishError::NumberTaken { number, attempts },
                false => last_word(number, error, &unsure),
            });
        }
    }
}

/// Why it ends here; a request that is still on its way may win after all.
fn last_word(number: u64, error: ClientError, unsure: &[u64]) -> PublishError {
    match unsure.is_empty() {
        true => error.into(),
        false => not_sure(number, &error),
    }
}

fn not_sure(number: u64, error: &dyn std::fmt::Display) -> PublishError {
    PublishError::NotSure {
        number,
        why: error.to_string(),
    }
}

const fn not_reached(error: &ClientError) -> bool {
    matches!(error, ClientError::NotReached { .. })
}

pub(crate) const ATTEMPTS: usize = 3;
/// The server's word for a number that is not the next one any more.
const NUMBER_TAKEN: &str = "number_taken";

#[cfg(test)]
#[path = "attempts_tests.rs"]
mod tests;
