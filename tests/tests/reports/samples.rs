//! Reports as `verify-release` draws them, made by hand: one of each kind, and hostile ones.

#[path = "an_app.rs"]
mod an_app;

use patchproof_report::{
    Certainty, Finding, FunctionDifference, Link, LinkId, LinkState, RegionKind, Report, Rule,
    Severity,
};

pub(crate) const ARM64: &str = "arm64-v8a";
pub(crate) const X86: &str = "x86_64";

/// The four kinds whose renderings are pinned.
pub(crate) fn pinned() -> [(&'static str, Report); 4] {
    [
        ("verified", verified()),
        ("broken", broken()),
        ("undecided", undecided()),
        ("equivalent", equivalent()),
    ]
}

/// Two ABIs, everything held, and notes that are the same for both.
pub(crate) fn verified() -> Report {
    let mut links = chain(ARM64);
    links.extend(chain(X86));
    for link in &mut links {
        if link.id == LinkId::Compatibility {
            link.findings.push(path_note());
        }
    }
    conclude(links)
}

/// A rebuild that differs for one ABI, and a patch that was made from it.
pub(crate) fn broken() -> Report {
    let mut links = chain(ARM64);
    links.extend(chain(X86));
    links.retain(|link| link.id != LinkId::Rebuild);
    links.push(rebuild_that_differs());
    links.push(row(LinkId::Rebuild, X86, LinkState::Held).with_hashes(hash(4), hash(4)));
    for link in links
        .iter_mut()
        .filter(|link| link.abi.as_deref() == Some(ARM64))
    {
        match link.id {
            LinkId::Base => *link = patch_of_another_base(),
            LinkId::Inflate => *link = not_reached(),
            LinkId::Compatibility => link.findings.push(path_note()),
            _ => {}
        }
    }
    conclude(links)
}

/// A required input that was not given, and a file that cannot be read.
pub(crate) fn undecided() -> Report {
    let mut links = chain(ARM64);
    for link in &mut links {
        match link.id {
            LinkId::Base => {
                let missing = "`base` needs `--patch`, which was not given";
                *link = Link::not_asked(LinkId::Base, Some(ARM64.into())).with_finding(
                    Finding::new(Rule::InputMissing, missing)
                        .mended_by("Give --patch; `patchproof verify-release --help` shows how."),
                );
            }
            LinkId::Inflate => *link = not_reached(),
            LinkId::Compatibility => {
                let unread = "libflutter.so cannot be read: it is no ELF and no Mach-O file";
                let finding = Finding::new(Rule::InputUnreadable, unread)
                    .about("lib/arm64-v8a/libflutter.so");
                *link = row(link.id, ARM64, LinkState::Undecided).with_finding(finding);
            }
            _ => {}
        }
    }
    conclude(links)
}

/// Nothing amiss but a build id, which no policy accepts.
pub(crate) fn equivalent() -> Report {
    let mut links = chain(ARM64);
    links.retain(|link| link.id != LinkId::Rebuild);
    let finding = Finding::new(
        Rule::EquivalentOnly,
        "the rebuilt library is the released one but for its build id",
    )
    .comparing("6f3a8c01d2e4b597", "b1d90c77e02f4a18");
    let link = row(LinkId::Rebuild, ARM64, LinkState::Broken)
        .with_hashes(hash(1), hash(9))
        .with_finding(finding)
        .with_difference(an_app::built_with_another_id());
    links.push(link);
    conclude(links)
}

/// A chain with one text in every place that can hold one out of a file.
pub(crate) fn hostile(text: &str) -> Report {
    let said = |rule| {
        Finding::new(rule, format!("the file {text} differs"))
            .comparing(text, text)
            .about(text)
            .sure(Certainty::Likely)
            .mended_by(format!("Look at {text}"))
    };
    let mut difference = an_app::equal(1000);
    difference.expected_name = text.to_owned();
    difference.found_name = text.to_owned();
    let mut region = an_app::region(text, RegionKind::Other, 0, 1000);
    region.differing_bytes = 7;
    region.first_difference_at = Some(1);
    difference.regions.push(region);
    difference.map_percent = vec![0, 1, 100];
    difference.functions_named = true;
    difference.functions = vec![FunctionDifference::new(text, Some(1), Some(2))];
    difference.functions_total = 1;
    difference.strings_gone = vec![text.to_owned()];
    difference.strings_gone_total = 1;
    difference.strings_new = vec![text.to_owned()];
    difference.strings_new_total = 2;
    let mut links = chain(text);
    links.retain(|link| link.id != LinkId::Rebuild);
    links.push(
        row(LinkId::Rebuild, text, LinkState::Broken)
            .with_finding(said(Rule::RebuildDiffers))
            .with_finding(said(Rule::CauseOtherCompiler))
            .with_difference(difference),
    );
    conclude(links)
}

/// One finding of every severity under every one of so many rules, for each ABI.
pub(crate) fn crowded(rules: usize, abis: &[&str]) -> Report {
    let mut links = vec![];
    for abi in abis {
        let mut link = row(LinkId::Surroundings, abi, LinkState::Broken);
        for rule in Rule::all().take(rules) {
            for severity in [
                Severity::Error,
                Severity::Undecided,
                Severity::Warning,
                Severity::Note,
            ] {
                let message = format!("{} as {severity:?}", rule.id());
                link.findings
                    .push(Finding::new(rule, message).weighing(severity));
            }
        }
        links.push(link);
    }
    conclude(links)
}

/// Draws the conclusion with the links that are always required.
pub(crate) fn conclude(links: Vec<Link>) -> Report {
    Report::conclude(links, &LinkId::ALWAYS_REQUIRED.into_iter().collect())
}

/// A row without anything else.
pub(crate) fn row(id: LinkId, abi: &str, state: LinkState) -> Link {
    Link::new(id, Some(abi.to_owned()), state)
}

/// The links that are looked at today, held; the others not asked for.
pub(crate) fn chain(abi: &str) -> Vec<Link> {
    LinkId::ALL
        .into_iter()
        .map(|id| match id {
            LinkId::Artefact => row(id, abi, LinkState::Held).with_hashes(None, hash(1)),
            LinkId::Compatibility => row(id, abi, LinkState::Held).with_hashes(hash(2), hash(2)),
            LinkId::Base => row(id, abi, LinkState::Held).with_hashes(hash(1), hash(1)),
            LinkId::Inflate => row(id, abi, LinkState::Held).with_hashes(hash(3), hash(3)),
            LinkId::Surroundings => row(id, abi, LinkState::Held),
            _ => Link::not_asked(id, Some(abi.to_owned())),
        })
        .collect()
}

fn rebuild_that_differs() -> Link {
    let differs = Finding::new(
        Rule::RebuildDiffers,
        "the rebuilt `libapp.so` is not the released one: 2,214,803 bytes differ",
    )
    .about("lib/arm64-v8a/libapp.so");
    let cause = Finding::new(
        Rule::AbsolutePath,
        "both libraries hold the path of their own build folder, and they are of different length",
    )
    .comparing(
        "file:///home/runner/work/shop/shop/.dart_tool/dart_plugin_registrant.dart",
        "file:///builds/shop/.dart_tool/dart_plugin_registrant.dart",
    )
    .sure(Certainty::Likely);
    row(LinkId::Rebuild, ARM64, LinkState::Broken)
        .with_hashes(hash(1), hash(7))
        .with_finding(differs)
        .with_finding(cause)
        .with_difference(an_app::built_in_another_folder())
}

fn patch_of_another_base() -> Link {
    let finding = Finding::new(
        Rule::OtherBase,
        "the patch was made from the rebuilt library, not from the released one",
    );
    row(LinkId::Base, ARM64, LinkState::Broken)
        .with_hashes(hash(1), hash(7))
        .with_finding(finding)
}

fn not_reached() -> Link {
    let finding = Finding::new(
        Rule::NotReached,
        "`inflate` was not looked at: the link `base` comes before it",
    );
    row(LinkId::Inflate, ARM64, LinkState::Undecided).with_finding(finding)
}

fn path_note() -> Finding {
    Finding::new(
        Rule::AbsolutePath,
        "the released library holds absolute paths of the machine that built it",
    )
    .showing("file:///home/runner/work/shop/shop/.dart_tool/dart_plugin_registrant.dart")
}

/// A hash that looks like one and is the same in every run.
fn hash(seed: u8) -> Option<String> {
    let byte = |at: u8| seed.wrapping_mul(67) ^ at.wrapping_mul(seed | 1).wrapping_add(at * 5);
    Some((0..32).map(|at| format!("{:02x}", byte(at))).collect())
}
