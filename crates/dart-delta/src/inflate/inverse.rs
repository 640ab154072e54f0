//! What the records give, turned back into the file.

use std::io::{self, Write};

use patchproof_patch::{InflateError, StreamError};

use super::code::restore_calls;
use super::numbers::fault;
use super::side::{Kind, Orders, Region, Side};
use super::{dispatch, instructions};

/// Takes what the records give, in order, and writes the file.
pub(crate) struct Inverse<'a> {
    regions: std::vec::IntoIter<Region>,
    orders: std::vec::IntoIter<Orders<'a>>,
    known: std::vec::IntoIter<Vec<u8>>,
    kind: Kind,
    /// What the current region still gets.
    left: u64,
    /// Bytes of it that are held back: a table as far as it is there, or a part of an instruction.
    held: Vec<u8>,
    /// How much was written, and at what place the machine code began.
    written: u64,
    code_start: Option<u64>,
    tables_left: u64,
    output: &'a mut dyn Write,
}

impl<'a> Inverse<'a> {
    pub(crate) fn over(
        side: Side<'a>,
        known: Vec<Vec<u8>>,
        base_bytes: u64,
        output: &'a mut dyn Write,
    ) -> Result<Self, StreamError> {
        let mut inverse = Self {
            regions: side.output.into_iter(),
            orders: side.orders.into_iter(),
            known: known.into_iter(),
            kind: Kind::Raw,
            left: 0,
            held: Vec::new(),
            written: 0,
            code_start: None,
            tables_left: base_bytes,
            output,
        };
        inverse.next_region()?;
        Ok(inverse)
    }

    /// Goes on to the next region that gets anything; tables are written even when empty.
    fn next_region(&mut self) -> Result<(), InflateError> {
        while self.left == 0 {
            let Some(region) = self.regions.next() else {
                return Ok(());
            };
            (self.kind, self.left) = (region.kind, region.bytes);
            if region.kind.is_table() {
                let left = self.tables_left.checked_sub(region.bytes);
                let left = left.filter(|_| region.bytes > 0);
                self.tables_left = left.ok_or_else(|| fault("a table is longer than the base"))?;
            }
            if region.kind.is_code() && self.code_start.is_none() {
                self.code_start = Some(self.written);
            }
        }
        Ok(())
    }

    /// Takes bytes of the current region.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self.kind {
            Kind::Raw | Kind::Image | Kind::Cluster | Kind::X64 | Kind::Records | Kind::Riscv64 => {
                self.put(bytes)
            }
            Kind::Arm | Kind::Arm64 => self.code(bytes),
            Kind::Dispatch | Kind::Instructions => {
                self.held.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// Whole instructions are turned back, the rest waits for more.
    fn code(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(bytes);
        let from_start = self.written.saturating_sub(self.code_start.unwrap_or(0));
        let word = i64::try_from(from_start / 4).unwrap_or(0);
        restore_calls(self.kind, &mut held, word);
        let whole = held.len() - held.len() % 4;
        let rest = held.split_off(whole);
        self.put(&held)?;
        self.held = rest;
        Ok(())
    }

    /// Everything of the current region is there.
    fn end_region(&mut self) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        let bytes = match self.kind {
            Kind::Dispatch if held.len().is_multiple_of(4) => dispatch::packed(&held),
            Kind::Dispatch => return Err(refused(fault("a dispatch table is cut short"))),
            Kind::Instructions => {
                let known = self.known.next().unwrap_or_default();
                let orders = self.orders.next().unwrap_or_default();
                instructions::rebuilt(&held, &known, orders).map_err(refused)?
            }
            _ => held,
        };
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.written = self.written.saturating_add(count);
        self.output.write_all(bytes)
    }
}

impl Write for Inverse<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.left == 0 {
                return Err(refused(fault("more comes out than its regions take")));
            }
            let count = usize::try_from(self.left).unwrap_or(usize::MAX);
            let (now, behind) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            self.take(now)?;
            let taken = u64::try_from(now.len()).unwrap_or(u64::MAX);
            self.left = self.left.saturating_sub(taken);
            if self.left == 0 {
                self.end_region()?;
                self.next_region().map_err(refused)?;
            }
            rest = behind;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.left > 0 {
            return Err(refused(fault("less comes out than its regions take")));
        }
        self.output.flush()
    }
}

/// The patch is at fault, and not the output.
fn refused(error: InflateError) -> io::Error {
    io::Error::other(error)
}
