//! Attacks on the channel: replay, freeze, fast-forward, a stolen key, a wrong device.

use patchproof_trust::{
    Accepted, ChannelStatement, Field, Kind, Question, Refusal, Remembered, Verifier,
};

use crate::world::*;

type Answer = Result<Accepted<ChannelStatement>, Refusal>;

fn served(remembered: &Remembered, statement: &ChannelStatement) -> Answer {
    ask_channel(remembered, &signed(statement, &["channel"]))
}

#[test]
fn an_honest_statement_is_taken() {
    assert_eq!(
        served(&remembered(), &channel(7, &[]))
            .unwrap()
            .statement
            .counter,
        7
    );
}

#[test]
fn an_older_choice_is_a_replay() {
    let refused = served(&after(7), &channel(6, &[]));
    assert_eq!(
        refused,
        Err(Refusal::Replayed {
            remembered: 7,
            found: 6
        })
    );
}

#[test]
fn the_same_choice_may_be_read_again_from_a_cdn() {
    assert!(served(&after(7), &channel(7, &[])).is_ok());
}

#[test]
fn the_same_choice_may_be_signed_anew_for_another_question() {
    let mut statement = channel(7, &[]);
    statement.issued_s += 30;
    statement.expires_s += 30;
    assert!(served(&after(7), &statement).is_ok());
}

#[test]
fn two_choices_cannot_share_a_counter() {
    let refused = served(&after(7), &channel(7, &[&patch(1)]));
    assert_eq!(refused, Err(Refusal::CounterReused { counter: 7 }));
}

#[test]
fn a_counter_of_one_channel_says_nothing_of_another() {
    let beta = ChannelStatement {
        channel: word("beta"),
        ..channel(1, &[])
    };
    let (device, remembered) = (device(), after(7));
    let question = Question {
        channel: word("beta"),
        ..question()
    };
    let verifier = Verifier::new(&device, &remembered).unwrap();
    assert!(
        verifier
            .channel(&signed(&beta, &["channel"]), &question)
            .is_ok()
    );
}

/// Two servers, each with a key of its own, in one root.
fn two_servers() -> Remembered {
    let mut both = root();
    both.keys.extend(keys(&["channel2"]));
    both.roles.channel = role(&["channel", "channel2"], 1);
    starting_with(&both)
}

#[test]
fn a_word_of_one_server_is_not_taken_back_by_an_older_one_of_another() {
    let seen = served(&two_servers(), &channel(7, &[])).unwrap().remembered;
    let refused = ask_channel(&seen, &signed(&channel(6, &[&patch(1)]), &["channel2"]));
    assert_eq!(
        refused,
        Err(Refusal::Replayed {
            remembered: 7,
            found: 6
        })
    );
}

#[test]
fn a_driven_up_counter_starts_anew_when_the_root_replaces_the_key() {
    let stuck = served(&remembered(), &channel((1 << 53) - 1, &[]))
        .unwrap()
        .remembered;
    assert!(served(&stuck, &channel(8, &[])).is_err());
    let mut mended = next(&root());
    mended.keys = keys(&["a", "b", "c", "p", "q", "r", "fresh"]);
    mended.roles.channel = role(&["fresh"], 1);
    let known = ask_root(&stuck, &signed(&mended, &["a", "b"])).unwrap();
    assert!(ask_channel(&known, &signed(&channel(1, &[]), &["fresh"])).is_ok());
}

#[test]
fn replacing_one_servers_key_forgets_nothing_of_the_other() {
    let seen = ask_channel(&two_servers(), &signed(&channel(5, &[]), &["channel2"])).unwrap();
    let stuck = served(&seen.remembered, &channel(1 << 40, &[]))
        .unwrap()
        .remembered;
    let mut mended = next(&root());
    mended.keys = keys(&["a", "b", "c", "p", "q", "r", "fresh", "channel2"]);
    mended.roles.channel = role(&["fresh", "channel2"], 1);
    let known = ask_root(&stuck, &signed(&mended, &["a", "b"])).unwrap();
    let refused = ask_channel(&known, &signed(&channel(4, &[]), &["fresh"]));
    assert_eq!(
        refused,
        Err(Refusal::Replayed {
            remembered: 5,
            found: 4
        })
    );
}

#[test]
fn a_stolen_and_replaced_channel_key_signs_nothing_any_more() {
    let mut mended = next(&root());
    mended.keys = keys(&["a", "b", "c", "p", "q", "r", "fresh"]);
    mended.roles.channel = role(&["fresh"], 1);
    let known = ask_root(&remembered(), &signed(&mended, &["a", "b"])).unwrap();
    let refused = served(&known, &channel(9, &[]));
    let expected = Refusal::UnknownKey {
        kind: Kind::Channel,
        key: id("channel"),
    };
    assert_eq!(refused, Err(expected));
}

#[test]
fn a_statement_for_anything_else_is_refused_and_says_what() {
    let refused = |change: &dyn Fn(&mut ChannelStatement)| {
        let mut statement = channel(1, &[]);
        change(&mut statement);
        match served(&remembered(), &statement) {
            Err(Refusal::WrongTarget { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused(&|it| it.app = word("other")), Field::App);
    assert_eq!(
        refused(&|it| it.release.platform = word("ios")),
        Field::Platform
    );
    assert_eq!(refused(&|it| it.release.abi = word("x86_64")), Field::Abi);
    assert_eq!(
        refused(&|it| it.release.version = word("1.2.4+46")),
        Field::Version
    );
    assert_eq!(
        refused(&|it| it.release.base_sha256 = digest("other")),
        Field::Base
    );
    assert_eq!(refused(&|it| it.channel = word("beta")), Field::Channel);
}

#[test]
fn offline_keys_sign_no_channel() {
    let refused = ask_channel(&remembered(), &signed(&channel(1, &[]), &["p", "q"]));
    assert!(matches!(
        refused,
        Err(Refusal::UnknownKey {
            kind: Kind::Channel,
            ..
        })
    ));
}
