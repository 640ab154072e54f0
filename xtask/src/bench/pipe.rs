//! A pipe between two threads that holds nothing: each message waits until it is taken.

use std::io::{self, Read, Write};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Both ends.
pub(super) fn pipe() -> (PipeReader, PipeWriter) {
    let (sender, messages) = sync_channel(0);
    let reader = PipeReader {
        messages,
        message: Vec::new(),
        taken: 0,
    };
    (reader, PipeWriter { sender })
}

/// The end that takes.
pub(super) struct PipeReader {
    messages: Receiver<Vec<u8>>,
    message: Vec<u8>,
    taken: usize,
}

/// The end that gives; each write is a message.
pub(super) struct PipeWriter {
    sender: SyncSender<Vec<u8>>,
}

impl Read for PipeReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken >= self.message.len() {
            match self.messages.recv() {
                Ok(message) => self.message = message,
                Err(_) => return Ok(0), // the other end is gone
            }
            self.taken = 0;
        }
        let mut rest = self.message.get(self.taken..).unwrap_or_default();
        let read = rest.read(buffer)?;
        self.taken += read;
        Ok(read)
    }
}

impl Write for PipeWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let sent = self.sender.send(bytes.to_vec());
        sent.map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out_in_order() {
        let (mut reader, mut writer) = pipe();
        let sender = std::thread::spawn(move || {
            for byte in 0..=255_u8 {
                writer.write_all(&[byte, byte]).unwrap();
            }
        });
        let mut all = Vec::new();
        reader.read_to_end(&mut all).unwrap();
        sender.join().unwrap();
        let expected: Vec<u8> = (0..=255_u8).flat_map(|byte| [byte, byte]).collect();
        assert_eq!(all, expected);
    }

    #[test]
    fn a_writer_whose_reader_is_gone_gets_an_error_and_does_not_wait() {
        let (reader, mut writer) = pipe();
        drop(reader);
        assert_eq!(
            writer.write_all(b"x").unwrap_err().kind(),
            io::ErrorKind::BrokenPipe
        );
    }
}
