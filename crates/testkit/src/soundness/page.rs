//! The confusion matrix as the README shows it, and kind by kind as `docs/soundness.md` has it.

use super::case::{Section, families};
use super::limits::TRUTHS;
use super::matrix::{Count, Matrix, kinds};

/// The README's table: a row for each family, then the limits.
#[must_use]
pub fn table(matrix: &Matrix) -> String {
    let mut out = String::from(TABLE_HEAD);
    for (section, title) in [
        (Section::Tampering, "all tamperings"),
        (Section::Harmless, "all harmless changes"),
    ] {
        for family in families(section) {
            out.push_str(&row(family.name, matrix.of(section, family.name, None)));
        }
        let all = families(section).iter();
        let all = all.map(|family| matrix.of(section, family.name, None));
        let sum = all.fold([Count::default(); 2], |[a, b], [c, d]| {
            [plus(a, c), plus(b, d)]
        });
        out.push_str(&row(&format!("**{title}**"), sum));
    }
    for (family, kind) in kinds(Section::Limit) {
        let counts = matrix.of(Section::Limit, family, Some(kind.name));
        out.push_str(&row(&format!("limit: {}", kind.name), counts));
    }
    out
}

/// The whole page.
#[must_use]
pub fn page(matrix: &Matrix) -> String {
    let mut out = String::from(PAGE_HEAD);
    for (section, title) in [
        (Section::Tampering, "Tamperings: each is reported"),
        (Section::Harmless, "Harmless changes: none is refused"),
    ] {
        out.push_str(&format!("\n## {title}\n"));
        for family in families(section) {
            out.push_str(&format!("\n### {}\n\n{KINDS_HEAD}", capital(family.name)));
            for kind in family.kinds {
                let counts = matrix.of(section, family.name, Some(kind.name));
                let ends = kind.ends.join(", ");
                out.push_str(&format!("{} {ends} |\n", row(kind.name, counts).trim_end()));
            }
        }
    }
    out.push_str(LIMITS_HEAD);
    for ((family, kind), (_, why)) in kinds(Section::Limit).zip(TRUTHS) {
        let [made, real] = matrix.of(Section::Limit, family, Some(kind.name));
        let sum = plus(made, real);
        out.push_str(&format!(
            "- **{}**: {} reported, {} verified. A verified one is right: {why}.\n",
            capital(kind.name),
            sum.reported,
            sum.verified
        ));
    }
    out
}

fn row(name: &str, [made, real]: [Count; 2]) -> String {
    let of = |count: Count| count.reported + count.verified;
    let sum = plus(made, real);
    format!(
        "| {name} | {} | {} | {} | {} |\n",
        of(made),
        of(real),
        sum.reported,
        sum.verified
    )
}

const fn plus(one: Count, other: Count) -> Count {
    Count {
        reported: one.reported + other.reported,
        verified: one.verified + other.verified,
    }
}

fn capital(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

const TABLE_HEAD: &str = "\
| what was changed | of made files | of real ones | reported | verified |
|---|---:|---:|---:|---:|
";
const KINDS_HEAD: &str = "\
| kind | made | real | reported | verified | deciding link, exit code |
|---|---:|---:|---:|---:|---|
";
const PAGE_HEAD: &str = "\
# Soundness of the verifier

Generated: see [`testkit::soundness`](../crates/testkit/src/soundness/mod.rs), where each kind
of change is a line of data, and `cargo test -p patchproof-tests --test soundness`, which makes
every change, runs `verify-release` over it and compares with what is pinned in
`soundness.toml`.

Five honest runs are changed. Three are made: an APK for two ABIs with root, statements,
previous statements and channels; bare libraries with their engine and a patch in our own
container; bare libraries with Shorebird's signature. Two are real: an APK around Android
libraries of sass-embedded 1.97.1 and 1.97.2, signed as the made one; its libraries for Linux
1.97.2 and 1.97.3 with their Dart runtime, under a root beside them.

A change never changes nothing: the files differ from the honest ones and from those of every
other change of that run. A tampering is also seen by readers that are not the product's:
another zip reader, or the bytes themselves.
";
const LIMITS_HEAD: &str = "
## Limits of the claim

These may be reported or not. Where one is verified, another reader or decoder finds the claim
true all the same.

";
