//! What the links of a report come to.

use super::*;
use crate::{Finding, Rule};

fn chain(states: &[(LinkId, LinkState)]) -> Report {
    let row = |&(id, state): &(LinkId, LinkState)| Link::new(id, Some("x86_64".into()), state);
    let required = LinkId::ALWAYS_REQUIRED.into_iter().collect();
    Report::conclude(states.iter().map(row).collect(), &required)
}

const HELD: [(LinkId, LinkState); 4] = [
    (LinkId::Artefact, LinkState::Held),
    (LinkId::Compatibility, LinkState::Held),
    (LinkId::Base, LinkState::Held),
    (LinkId::Inflate, LinkState::Held),
];

fn held_but(id: LinkId, state: LinkState) -> Report {
    chain(&HELD.map(|row| if row.0 == id { (id, state) } else { row }))
}

#[test]
fn four_held_links_are_verified_and_counted() {
    let report = chain(&HELD);
    assert_eq!(report.exit_code(), ExitCode::Verified);
    assert_eq!(
        report.summary(),
        "verified: 4 of 8 links, not asked: rebuild, surroundings, statements, rehearsal"
    );
}

#[test]
fn the_first_broken_link_decides_the_code_in_chain_order() {
    let report = chain(&[
        (LinkId::Inflate, LinkState::Broken),
        (LinkId::Base, LinkState::Broken),
        (LinkId::Compatibility, LinkState::Undecided),
        (LinkId::Artefact, LinkState::Held),
    ]);
    assert_eq!(report.exit_code(), ExitCode::OtherBase);
}

#[test]
fn each_required_link_that_is_not_held_is_never_a_zero() {
    for id in LinkId::ALWAYS_REQUIRED {
        for state in [LinkState::Undecided, LinkState::NotAsked] {
            assert_eq!(
                held_but(id, state).exit_code(),
                ExitCode::Undecided,
                "{id:?}"
            );
        }
        assert_eq!(
            held_but(id, LinkState::Broken).exit_code(),
            id.broken_exit_code()
        );
    }
}

#[test]
fn a_required_link_without_a_row_is_never_a_zero() {
    assert_eq!(chain(&[]).exit_code(), ExitCode::Undecided);
    assert_eq!(chain(&HELD[..3]).exit_code(), ExitCode::Undecided);
}

#[test]
fn a_link_held_for_one_abi_only_is_not_held() {
    let mut links: Vec<Link> = HELD.map(|(id, state)| Link::new(id, None, state)).into();
    links.push(Link::not_asked(LinkId::Base, Some("x86".into())));
    let required = LinkId::ALWAYS_REQUIRED.into_iter().collect();
    assert_eq!(
        Report::conclude(links, &required).exit_code(),
        ExitCode::Undecided
    );
}

fn equivalent_only() -> Link {
    let equivalent = Finding::new(Rule::EquivalentOnly, "the build id alone differs");
    Link::new(LinkId::Rebuild, None, LinkState::Broken).with_finding(equivalent)
}

#[test]
fn an_equivalence_that_is_not_accepted_gives_3_only_where_nothing_else_is_amiss() {
    let with_it = |mut links: Vec<Link>| {
        links.push(equivalent_only());
        let required = LinkId::ALWAYS_REQUIRED.into_iter().collect();
        Report::conclude(links, &required).exit_code()
    };
    let held = || HELD.map(|(id, state)| Link::new(id, None, state)).to_vec();
    assert_eq!(with_it(held()), ExitCode::EquivalentOnly);
    assert_eq!(with_it(vec![]), ExitCode::Undecided);
    let mut other_base = held();
    other_base.push(Link::new(LinkId::Base, None, LinkState::Broken));
    assert_eq!(with_it(other_base), ExitCode::OtherBase);
    let mut really = held();
    really.push(Link::new(
        LinkId::Rebuild,
        Some("x86".into()),
        LinkState::Broken,
    ));
    assert_eq!(with_it(really), ExitCode::Different);
}

#[test]
fn a_bug_of_ours_in_a_broken_link_gives_70() {
    let bug = Link::new(LinkId::Inflate, None, LinkState::Broken).with_finding(Finding::new(
        Rule::DecodersDisagree,
        "the decoders disagree",
    ));
    let report = Report::conclude(vec![bug], &BTreeSet::new());
    assert_eq!(report.exit_code(), ExitCode::OurBug);
}

#[test]
fn a_bug_of_ours_counts_in_the_first_broken_link_alone() {
    let bug = |id, abi: &str| {
        let finding = Finding::new(Rule::DecodersDisagree, "the decoders disagree");
        Link::new(id, Some(abi.into()), LinkState::Broken).with_finding(finding)
    };
    let broken = || Link::new(LinkId::Base, Some("x86".into()), LinkState::Broken);
    let code = |links| Report::conclude(links, &BTreeSet::new()).exit_code();
    let behind_it = code(vec![broken(), bug(LinkId::Inflate, "x86")]);
    assert_eq!(behind_it, ExitCode::OtherBase);
    let beside_it = code(vec![broken(), bug(LinkId::Base, "x86_64")]);
    assert_eq!(beside_it, ExitCode::OurBug);
}

#[test]
fn the_rows_come_back_in_the_order_of_the_chain() {
    let mut backwards = HELD;
    backwards.reverse();
    let report = chain(&backwards);
    let ids: Vec<LinkId> = report.links().iter().map(|link| link.id).collect();
    assert_eq!(ids, HELD.map(|(id, _)| id));
}

#[test]
fn a_verdicts_word_is_its_name_in_json() {
    for verdict in [
        ReportVerdict::Verified,
        ReportVerdict::Broken,
        ReportVerdict::Undecided,
    ] {
        assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
    }
}

#[test]
fn a_missing_required_link_is_told_apart_from_one_nobody_asked_for() {
    let summary = held_but(LinkId::Base, LinkState::NotAsked)
        .summary()
        .to_owned();
    assert!(
        summary.contains("missing: base, not asked: rebuild"),
        "{summary}"
    );
}
