//! Attacks by time: a freeze, a revived statement, an answer to another question.

use patchproof_trust::{
    Accepted, ChannelStatement, Freshness, Nonce, Question, Refusal, Root, Verifier,
};

use crate::world::*;

type Answer = Result<Accepted<ChannelStatement>, Refusal>;

fn asked(statement: &ChannelStatement, freshness: Freshness, now_s: u64) -> Answer {
    let (device, remembered) = (device(), remembered());
    let question = Question {
        freshness,
        now_s,
        ..question()
    };
    let verifier = Verifier::new(&device, &remembered)?;
    verifier.channel(&signed(statement, &["channel"]), &question)
}

#[test]
fn an_expired_statement_is_refused_at_that_very_second() {
    let statement = channel(1, &[]);
    let expires_s = statement.expires_s;
    assert!(asked(&statement, Freshness::Expiry, expires_s - 1).is_ok());
    let refused = asked(&statement, Freshness::Expiry, expires_s);
    assert_eq!(
        refused,
        Err(Refusal::Expired {
            expires_s,
            now_s: expires_s
        })
    );
}

#[test]
fn a_clock_that_is_set_back_does_not_revive_an_expired_statement() {
    // A statement of a minute ago is known; the clock says nine days ago.
    let mut old = channel(7, &[]);
    let (device, remembered) = (device(), after(7));
    old.issued_s -= 10 * DAY_S;
    old.expires_s = NOW_S - 5 * DAY_S;
    let question = Question {
        now_s: NOW_S - 9 * DAY_S,
        ..question()
    };
    let verifier = Verifier::new(&device, &remembered).unwrap();
    let refused = verifier.channel(&signed(&old, &["channel"]), &question);
    assert!(
        matches!(refused, Err(Refusal::Expired { .. })),
        "{refused:?}"
    );
}

#[test]
fn a_statement_of_times_to_come_is_refused() {
    let mut statement = channel(1, &[]);
    statement.issued_s = NOW_S + DAY_S + 1;
    let refused = asked(&statement, Freshness::Expiry, NOW_S);
    let expected = Refusal::FromTheFuture {
        issued_s: NOW_S + DAY_S + 1,
        now_s: NOW_S,
    };
    assert_eq!(refused, Err(expected));
}

fn with_nonce(byte: u8) -> ChannelStatement {
    ChannelStatement {
        nonce: Some(nonce(byte)),
        ..channel(1, &[])
    }
}

fn nonce(byte: u8) -> Nonce {
    Nonce::of_bytes([byte; 32])
}

#[test]
fn an_answer_that_repeats_the_nonce_needs_no_clock() {
    for now_s in [0, NOW_S, 1 << 52] {
        assert!(asked(&with_nonce(1), Freshness::Nonce(nonce(1)), now_s).is_ok());
    }
}

#[test]
fn the_answer_to_another_question_is_a_replay() {
    let refused = asked(&with_nonce(2), Freshness::Nonce(nonce(1)), NOW_S);
    assert_eq!(refused, Err(Refusal::WrongNonce));
}

#[test]
fn an_answer_with_a_nonce_is_none_for_a_device_that_sent_none() {
    assert_eq!(
        asked(&with_nonce(1), Freshness::Expiry, NOW_S),
        Err(Refusal::WrongNonce)
    );
}

#[test]
fn an_answer_made_beforehand_is_no_live_one() {
    let refused = asked(&channel(1, &[]), Freshness::Nonce(nonce(1)), NOW_S);
    assert_eq!(refused, Err(Refusal::NoNonce));
}

#[test]
fn a_stale_root_is_told_by_the_clock_even_to_a_live_answer() {
    let start = starting_with(&Root {
        expires_s: Some(NOW_S),
        ..root()
    });
    let device = device();
    let freshness = Freshness::Nonce(nonce(1));
    let verifier = Verifier::new(&device, &start).unwrap();
    let question = Question {
        freshness,
        ..question()
    };
    let refused = verifier.channel(&signed(&with_nonce(1), &["channel"]), &question);
    assert!(matches!(refused, Err(Refusal::RootExpired { .. })));
}

#[test]
fn one_answer_by_a_clock_that_is_years_ahead_does_not_expire_all_later_ones() {
    let mut ahead = with_nonce(1);
    ahead.issued_s += 3_650 * DAY_S;
    ahead.expires_s += 3_650 * DAY_S;
    let known = asked(&ahead, Freshness::Nonce(nonce(1)), NOW_S).unwrap();
    let mended = signed(&channel(2, &[]), &["channel"]);
    assert!(ask_channel(&known.remembered, &mended).is_ok());
}
