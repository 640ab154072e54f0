//! The values of a file, as the rewriting tells them.

use crate::inflate::watch::{Class, Token, Watch};

/// Values in the order of what is seen, small: there are millions.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    all: Vec<Small>,
}

#[derive(Clone, Copy, Debug)]
struct Small {
    at: u32,
    value: i32,
    class: Class,
    length: u8,
}

impl Tokens {
    /// All of them.
    pub(super) fn iter(&self) -> impl Iterator<Item = Token> + '_ {
        self.all.iter().map(|small| small.token())
    }

    /// From a place of what is seen on, with the index of each.
    pub(super) fn from(&self, at: usize) -> impl Iterator<Item = (usize, Token)> + '_ {
        let first = self.all.partition_point(|small| small.token().at < at);
        let rest = self.all.get(first..).unwrap_or_default();
        (first..).zip(rest.iter().map(|small| small.token()))
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }
}

impl Small {
    fn token(self) -> Token {
        Token {
            class: self.class,
            value: i64::from(self.value),
            at: usize::try_from(self.at).unwrap_or(usize::MAX),
            length: self.length,
        }
    }
}

impl Watch for Tokens {
    fn token(&mut self, token: Token) {
        // A value beyond is none that is moved: files are below 2 GiB.
        let value = i32::try_from(token.value).unwrap_or(-1);
        self.all.push(Small {
            at: u32::try_from(token.at).unwrap_or(u32::MAX),
            value,
            class: token.class,
            length: token.length,
        });
    }
}
