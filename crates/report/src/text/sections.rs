//! What the links of a report have to say, told once: a finding that several ABIs share stands
//! under all their names.

use std::borrow::Cow;

use super::abi_of;
use crate::difference::Difference;
use crate::finding::Finding;
use crate::link::{Link, LinkId};
use crate::release_report::Report;

/// Findings of one link that concern the same ABIs.
pub(super) struct Section<'a> {
    pub(super) link: LinkId,
    pub(super) abis: Vec<Cow<'a, str>>,
    pub(super) findings: Vec<&'a Finding>,
    /// How two libraries differ; of one ABI only.
    pub(super) difference: Option<&'a Difference>,
}

/// The sections in the order of the chain; within a link, as the first of their findings comes.
pub(super) fn of(report: &Report) -> Vec<Section<'_>> {
    LinkId::ALL
        .into_iter()
        .flat_map(|id| of_link(id, report.links()))
        .collect()
}

fn of_link(id: LinkId, links: &[Link]) -> Vec<Section<'_>> {
    let rows: Vec<&Link> = links.iter().filter(|link| link.id == id).collect();
    let mut told: Vec<&Finding> = Vec::new();
    let mut sections: Vec<Section<'_>> = Vec::new();
    for finding in rows.iter().flat_map(|row| &row.findings) {
        if told.contains(&finding) {
            continue;
        }
        told.push(finding);
        let concerned = rows.iter().filter(|row| row.findings.contains(finding));
        let abis = concerned.map(|row| abi_of(row)).collect();
        section(&mut sections, id, abis).findings.push(finding);
    }
    for row in rows {
        if let Some(difference) = &row.difference {
            section(&mut sections, id, vec![abi_of(row)]).difference = Some(difference);
        }
    }
    sections
}

/// The section for these ABIs, made where there is none.
fn section<'a, 's>(
    sections: &'s mut Vec<Section<'a>>,
    link: LinkId,
    abis: Vec<Cow<'a, str>>,
) -> &'s mut Section<'a> {
    let known = sections.iter().position(|section| section.abis == abis);
    let at = known.unwrap_or_else(|| {
        sections.push(Section {
            link,
            abis,
            findings: Vec::new(),
            difference: None,
        });
        sections.len() - 1
    });
    let last = sections.len() - 1;
    // Within bounds by what stands above; the last one is as good an answer as any.
    sections
        .get_mut(at.min(last))
        .expect("a section was just pushed or found")
}
