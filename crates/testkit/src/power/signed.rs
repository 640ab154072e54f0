//! The scenario of signed words: a root that follows, a floor, a choice of the channel.

use super::acts::{Acts, Stop};
use crate::phone::publisher::{Choice, Publisher, SignedPatch, publish, put_root, rules};
use crate::phone::{Checks, Library, Phone};
use patchproof_device::{Ask, Trust};

/// Patch 1 is signed, runs, and ran well. Since then the root sets a floor above it, and the
/// channel offers patch 2.
pub(super) fn proven_under_a_root(phone: &mut Phone) {
    // With few keys the state fits into a block, as in the other scenarios.
    let publisher = Publisher::small();
    let mut root = publisher.root();
    phone.trust = Trust::Statements {
        root: publisher.signed_root(&root),
        ask: Ask::Server,
    };
    offer(phone, &publisher, (1, 1), 1);
    let app = phone.start(&[]);
    app.update().expect("nothing fails in the past");
    drop(app);
    let app = phone.start(&[]);
    app.healthy().expect("nothing fails in the past");
    app.send_events().expect("nothing fails in the past");
    drop(app);
    root.version = 2;
    root.releases = rules(2, &[]);
    let envelope = publisher.signed_root(&root);
    put_root(&phone.server, 2, &envelope);
    offer(phone, &publisher, (2, 2), 2);
}

/// The update follows the root, learns the floor and the choice, and installs; then it boots.
pub(super) fn follows_signed_words(acts: &mut Acts) -> Result<(), Stop> {
    let app = acts.start(&[])?;
    acts.call(|| app.update())?;
    drop(app);
    let app = acts.start(&[])?;
    acts.call(|| app.healthy()).map(drop)
}

/// Signs a patch, puts it up, and has the channel offer it alone.
fn offer(phone: &Phone, publisher: &Publisher, (number, content): (u64, u8), counter: u64) {
    let library = Library::patched(0, content);
    let patch: SignedPatch = publisher.signed_patch(publisher.statement(number, &library));
    publish(&phone.server, &patch, &library);
    // What a good phone comes to run in the end is told by what is offered.
    phone.server.offer(number, &library);
    let statement = publisher.channel(0, &Choice::of(counter, &[&patch]));
    let checks = Checks::Signed(*publisher, Box::new(statement));
    phone.server.answer_checks(checks);
}
