//! The phone that lives, as a machine that a property test drives.

use std::marker::PhantomData;

use patchproof_rehearsal::{BlockSize, Honesty};
use patchproof_testkit::lives::{Happens, Life, Living};
use proptest_state_machine::StateMachineTest;

use crate::life::{Disk, Lives};

#[derive(Debug)]
pub(crate) struct Honest;

#[derive(Debug)]
pub(crate) struct Lying;

impl Disk for Honest {
    const HONESTY: Honesty = Honesty::Honest;
    const STRICT: bool = true;
}

impl Disk for Lying {
    const HONESTY: Honesty = Honesty::Lying;
    const STRICT: bool = false;
}

/// A lying disk held to what an honest one promises: a fault that must be found.
#[derive(Debug)]
pub(crate) struct Planted;

impl Disk for Planted {
    const HONESTY: Honesty = Honesty::Lying;
    const STRICT: bool = true;
}

/// A phone under test.
#[derive(Debug)]
pub(crate) struct Phones<D> {
    living: Living,
    _disk: PhantomData<D>,
}

impl<D: Disk> StateMachineTest for Phones<D> {
    type SystemUnderTest = Self;
    type Reference = Lives;

    fn init_test(_: &Life) -> Self {
        Self {
            living: Living::new(BlockSize::Bytes4096, D::HONESTY, D::STRICT),
            _disk: PhantomData,
        }
    }

    fn apply(mut this: Self, _: &Life, happens: Happens) -> Self {
        this.living.happens(&happens);
        this
    }

    fn check_invariants(this: &Self, _: &Life) {
        this.living.is_tidy();
    }
}
