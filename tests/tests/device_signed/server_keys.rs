//! A live server that signs each answer.

use patchproof_device::Ask;
use patchproof_testkit::phone::{Checks, answer_with};

use crate::stand::Stand;

/// It signs what the channel says, with each question's nonce.
fn answers(stand: &Stand) {
    let statement = stand.publisher.channel(0, &stand.choice);
    let checks = Checks::Signed(stand.publisher, Box::new(statement));
    stand.phone.server.answer_checks(checks);
}

fn installed(number: u64, content: u8) -> Stand {
    let mut stand = Stand::new(Ask::Server);
    let patch = stand.put_up(number, content);
    stand.choose(&[&patch]);
    answers(&stand);
    assert_eq!(stand.installs(), Ok(number));
    stand
}

#[test]
fn a_live_answer_is_followed_whatever_the_clock_says() {
    let mut stand = installed(1, 1);
    stand.wait_s(400 * 24 * 60 * 60);
    // The root has expired by then, and is the only thing that a clock is asked for.
    stand.refuses("root 1 expired");
    let mut stand = installed(1, 1);
    stand.wait_s(100 * 24 * 60 * 60);
    let two = stand.put_up(2, 2);
    stand.choose(&[&two]);
    answers(&stand);
    assert_eq!(stand.installs(), Ok(2));
}

#[test]
fn an_answer_to_another_question_is_a_replay() {
    let mut stand = installed(1, 1);
    let two = stand.put_up(2, 2);
    stand.choose(&[&two]);
    let mut statement = stand.publisher.channel(0, &stand.choice);
    statement.nonce = Some(patchproof_trust::Nonce::of_bytes([7; 32]));
    let recorded = answer_with(&stand.publisher.signed_channel(&statement));
    stand
        .phone
        .server
        .answer_checks(Checks::Fixed(recorded.into()));
    stand.refuses("repeats another device's nonce");
}

#[test]
fn an_answer_that_lay_ready_is_not_a_live_one() {
    let mut stand = installed(1, 1);
    let two = stand.put_up(2, 2);
    stand.choose(&[&two]);
    let statement = stand.publisher.channel(0, &stand.choice);
    let ready = answer_with(&stand.publisher.signed_channel(&statement));
    stand
        .phone
        .server
        .answer_checks(Checks::Fixed(ready.into()));
    stand.refuses("repeats no nonce");
}

#[test]
fn shorebirds_answer_is_refused_and_nothing_of_it_is_fetched() {
    let mut stand = Stand::new(Ask::Server);
    let library = patchproof_testkit::phone::Library::patched(0, 1);
    stand.phone.server.offer(1, &library);
    stand.refuses("has no `patchproof.channel_statement`");
    stand.fetched_nothing();
    assert_eq!(stand.boots(), 0);
}
