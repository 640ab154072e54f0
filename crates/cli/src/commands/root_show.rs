//! `patchproof root show`: a root for a person or a program, believed or not.

use std::path::Path;

use patchproof_report::ExitCode;
use patchproof_trust::{KeyId, Kind, Refusal, Remembered, Role, Root, Unverified};
use serde::Serialize;

use crate::commands::inspect_text::{BAD, GOOD, Rows, titled};
use crate::commands::root::RootShowArgs;
use crate::commands::root_sign::follows;
use crate::commands::sign_common::Standing;
use crate::commands::stopped::{Stopped, read, read_root};
use crate::commands::verify_documents::verified_next_root;
use crate::commands::verify_text::release_text;
use crate::moment::shown_moment;
use crate::output::{Format, pretty_json, print, shown};

pub(crate) fn run(args: &RootShowArgs) -> Result<ExitCode, Stopped> {
    let bytes = read(&args.root)?;
    let refused = |refusal| Stopped::refused(&args.root, &refusal);
    let document = Unverified::<Root>::read(&bytes).map_err(refused)?;
    let root = document.statement();
    let before = args.previous.as_deref().map(read_root).transpose()?;
    let previous: Option<&Root> = before.as_ref().map(|known| &**known.root());
    if let (Some(path), Some(previous)) = (&args.previous, previous) {
        follows(previous, root).map_err(|why| Stopped::at(path, why))?;
    }
    let known = previous.into_iter().chain([root]);
    let standings: Vec<Standing> = known.map(|root| Standing::of(&document, root)).collect();
    // Counting right signatures would pass over a wrong one beside them.
    let refusal = match &before {
        Some(before) => verified_next_root(before, &bytes).err(),
        None => Remembered::from_embedded(&bytes).err(),
    };
    let code = match refusal {
        None => ExitCode::Verified,
        Some(_) => ExitCode::StatementInvalid,
    };
    let shown = Shown {
        document: &document,
        standings: &standings,
        refusal: refusal.as_ref(),
    };
    let text = match args.format {
        Format::Text => shown.text(&args.root),
        Format::Json => pretty_json(&shown.json(code)),
    };
    Ok(print(&text, code))
}

/// A root, and what became of its signatures.
struct Shown<'a> {
    document: &'a Unverified<Root>,
    standings: &'a [Standing],
    refusal: Option<&'a Refusal>,
}

impl Shown<'_> {
    fn text(&self, path: &Path) -> String {
        let root = self.document.statement();
        let expires = root
            .expires_s
            .map_or_else(|| "never".to_owned(), shown_moment);
        let mut rows: Rows = vec![
            ("app", root.app.to_string()),
            ("version", root.version.to_string()),
            ("sha256", self.document.sha256().to_string()),
            ("expires", expires),
        ];
        for (kind, name) in ROLES {
            rows.extend(role_rows(name, root.role(kind)));
        }
        for rules in &root.releases {
            rows.push(("release", release_text(&rules.release)));
            rows.push(("  floor", rules.minimum_number.to_string()));
            let revoked = rules.revoked.iter();
            rows.extend(revoked.map(|patch| ("  revoked", patch.to_string())));
        }
        for standing in self.standings {
            rows.extend(standing_rows(standing));
        }
        let (style, word) = match self.refusal {
            None => (GOOD, "holds"),
            Some(_) => (BAD, "does not hold"),
        };
        if let Some(refusal) = self.refusal {
            rows.push(("reason", refusal.to_string()));
        }
        titled(&shown(path), &format!("root, {style}{word}{style:#}"), rows)
    }

    fn json(&self, code: ExitCode) -> Json<'_> {
        let signatures = self.standings.iter().map(|standing| JsonStanding {
            root_version: standing.root_version,
            needed: standing.needed,
            missing: standing.missing(),
            signed: standing.signed.iter().collect(),
            not_signed: standing.others.iter().collect(),
        });
        Json {
            root_show_version: 1,
            holds: code == ExitCode::Verified,
            exit_code: code.number(),
            reason: self.refusal.map(ToString::to_string),
            sha256: self.document.sha256().to_string(),
            signatures: signatures.collect(),
            root: self.document.statement(),
        }
    }
}

fn role_rows(name: &'static str, role: &Role) -> Rows {
    let count = role.keys.len();
    let mut rows = vec![(name, format!("{} of {count} keys sign", role.threshold))];
    rows.extend(role.keys.iter().map(|key| ("  key", key.to_string())));
    rows
}

fn standing_rows(standing: &Standing) -> Rows {
    let Standing {
        root_version,
        needed,
        signed,
        others,
    } = standing;
    let count = signed.len();
    let mut rows = vec![(
        "signatures",
        format!("{count} of the {needed} that root {root_version} asks for"),
    )];
    rows.extend(signed.iter().map(|key| ("  signed by", key.to_string())));
    rows.extend(
        others
            .iter()
            .map(|key| ("  not signed by", key.to_string())),
    );
    rows
}

/// The JSON: within a version fields are only added.
#[derive(Serialize)]
struct Json<'a> {
    root_show_version: u32,
    holds: bool,
    exit_code: u8,
    reason: Option<String>,
    sha256: String,
    signatures: Vec<JsonStanding<'a>>,
    root: &'a Root,
}

#[derive(Serialize)]
struct JsonStanding<'a> {
    root_version: u64,
    needed: u64,
    missing: u64,
    signed: Vec<&'a KeyId>,
    not_signed: Vec<&'a KeyId>,
}

const ROLES: [(Kind, &str); 3] = [
    (Kind::Root, "root role"),
    (Kind::Patch, "patch role"),
    (Kind::Channel, "channel role"),
];
