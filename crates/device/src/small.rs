//! Small documents, fetched whole into memory.

use patchproof_storage::Storage;

use crate::machine::Machine;
use crate::transport::{
    Begun, Cancel, Fetch, Retries, Sink, SinkError, Transport, TransportError, fetch,
};
use crate::updater::Updater;

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// A document that is small and whole; none where the server says that there is none.
    pub(crate) fn get(
        &self,
        url: &str,
        bytes_max: usize,
        cancel: &Cancel,
    ) -> Result<Option<Vec<u8>>, TransportError> {
        let bytes_max = u64::try_from(bytes_max).unwrap_or(u64::MAX);
        let mut what = Fetch::new(url, bytes_max);
        what.retries = Retries::none();
        let mut memory = InMemory(Vec::new());
        match fetch(&self.transport, &what, &mut memory, cancel) {
            Ok(_) => Ok(Some(memory.0)),
            Err(TransportError::Status {
                code: 403 | 404 | 410,
                ..
            }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Where a small document goes; whoever fetches it bounds it.
struct InMemory(Vec<u8>);

impl Sink for InMemory {
    fn begin(&mut self, _: Begun) -> Result<(), SinkError> {
        self.0.clear();
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}
