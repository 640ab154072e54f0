//! Which room uses which: dependencies point one way, and a new edge is a decision of design.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::config::{self, Rooms};
use super::members::{Edge, Member};

/// What the table of rooms does not allow, and what is wrong with the table.
pub(crate) fn check(members: &[Member], rooms: &Rooms) -> Vec<Problem> {
    let mut problems = misspelt(rooms);
    for member in members {
        match allowed(rooms, &member.room) {
            None => problems.push(homeless(member)),
            Some(allowed) => {
                let edges = member
                    .edges
                    .iter()
                    .filter(|edge| !allowed.contains(edge.to.as_str()));
                problems.extend(edges.map(|edge| not_allowed(member, edge, &allowed)));
            }
        }
    }
    problems
}

/// What a room may use, or nothing when the table does not know it.
fn allowed<'a>(rooms: &'a Rooms, room: &str) -> Option<BTreeSet<&'a str>> {
    let named = rooms
        .shipping
        .get(room)
        .or_else(|| rooms.workshop.get(room))?;
    let mut allowed: BTreeSet<&str> = named.iter().map(String::as_str).collect();
    if allowed.remove("*") {
        allowed.extend(rooms.shipping.keys().map(String::as_str));
    }
    Some(allowed)
}

fn misspelt(rooms: &Rooms) -> Vec<Problem> {
    let ships = |name: &str| rooms.shipping.contains_key(name);
    let known = |name: &str| name == "*" || ships(name) || rooms.workshop.contains_key(name);
    let of_shipping = entries(&rooms.shipping).filter(|(_, name)| !ships(name));
    let of_workshop = entries(&rooms.workshop).filter(|(_, name)| !known(name));
    let problem = |(room, name)| {
        Problem::new(
            (config::PATH, 1),
            format!("{room} may use {name:?}, which is not among the rooms it can use"),
            "the table names rooms that it lists, and what ships uses only what ships",
            "correct the name",
        )
    };
    of_shipping.chain(of_workshop).map(problem).collect()
}

fn entries(table: &BTreeMap<String, Vec<String>>) -> impl Iterator<Item = (&str, &str)> {
    table
        .iter()
        .flat_map(|(room, uses)| uses.iter().map(|name| (room.as_str(), name.as_str())))
}

fn homeless(member: &Member) -> Problem {
    Problem::new(
        (&member.manifest, 1),
        format!("nobody says where {} stands", member.room),
        "every package has its place in the table of rooms",
        format!(
            "say where it stands in ARCHITECTURE.md, then in {}",
            config::PATH
        ),
    )
}

fn not_allowed(member: &Member, edge: &Edge, allowed: &BTreeSet<&str>) -> Problem {
    let allowed: Vec<&str> = allowed.iter().copied().collect();
    let allowed = if allowed.is_empty() {
        "nothing".to_owned()
    } else {
        allowed.join(", ")
    };
    Problem::new(
        (&member.manifest, edge.line),
        format!("{} uses {}, and may use {allowed}", member.room, edge.to),
        "dependencies point one way",
        format!(
            "move the code, or say in ARCHITECTURE.md why the edge is needed and add it to {}",
            config::PATH
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::super::config::Config;
    use super::super::tree;
    use super::*;

    fn rooms() -> Rooms {
        let text = "[rooms.shipping]\nreport = []\nverify = [\"report\"]\n[rooms.workshop]\n\
            testkit = [\"*\"]\ntests = [\"*\", \"testkit\"]\n\
            [text]\nforbidden = []\nunsafe_code_in = []\n";
        Config::parse(text.to_owned()).unwrap().rooms
    }

    fn check_edge(from: &str, to: &str) -> Vec<String> {
        let edges = vec![Edge {
            to: to.to_owned(),
            line: 3,
        }];
        let member = Member {
            room: from.to_owned(),
            manifest: "m".to_owned(),
            edges,
        };
        check(&[member], &rooms())
            .into_iter()
            .map(|problem| problem.what)
            .collect()
    }

    #[test]
    fn an_edge_of_the_table_passes() {
        for (from, to) in [
            ("verify", "report"),
            ("testkit", "verify"),
            ("tests", "testkit"),
        ] {
            assert_eq!(check_edge(from, to), [""; 0], "{from} uses {to}");
        }
    }

    #[test]
    fn an_edge_that_the_table_does_not_have_is_a_problem() {
        assert_eq!(
            check_edge("report", "verify"),
            ["report uses verify, and may use nothing"]
        );
    }

    #[test]
    fn the_testkit_is_no_shipping_room_of_the_star() {
        assert_eq!(
            check_edge("testkit", "tests"),
            ["testkit uses tests, and may use report, verify"]
        );
    }

    #[test]
    fn a_package_without_a_place_is_a_problem() {
        assert_eq!(
            check_edge("attic", "report"),
            ["nobody says where attic stands"]
        );
    }

    #[test]
    fn a_misspelt_room_of_the_table_is_a_problem() {
        for (kind, name) in [
            ("shipping", "reprot"),
            ("shipping", "tests"),
            ("workshop", "x"),
        ] {
            let mut rooms = rooms();
            let table = if kind == "shipping" {
                &mut rooms.shipping
            } else {
                &mut rooms.workshop
            };
            table.insert("new".to_owned(), vec![name.to_owned()]);
            assert_eq!(check(&[], &rooms).len(), 1, "{name} in {kind}");
        }
    }

    #[test]
    fn the_table_of_this_repository_has_no_misspelt_room() {
        let config = Config::parse(include_str!("../../tidy.toml").to_owned()).unwrap();
        assert_eq!(check(&[], &config.rooms), []);
    }

    /// The table as pairs of a room and what it may use; what stands in brackets is why.
    fn table_of_the_page(page: &str) -> BTreeMap<String, BTreeSet<String>> {
        let words = |cell: &str| -> BTreeSet<String> {
            let is_part = |c: char| !c.is_alphanumeric() && c != '-';
            let mut said = String::new();
            for (at, piece) in cell.split(['(', ')']).enumerate() {
                said.push_str(if at % 2 == 0 { piece } else { "" });
            }
            said.split(is_part).map(str::to_owned).collect()
        };
        let rows = page
            .lines()
            .skip_while(|line| !line.starts_with("| room | may use"));
        let rows = rows.skip(2).take_while(|line| line.starts_with('|'));
        let cells = rows.filter_map(|row| row.trim_matches('|').split_once('|'));
        let named = |(names, uses): (&str, &str)| {
            let names = words(names).into_iter().filter(|name| !name.is_empty());
            let uses = words(uses);
            names.map(|name| (name, uses.clone())).collect::<Vec<_>>()
        };
        cells.flat_map(named).collect()
    }

    #[test]
    fn the_page_has_the_table_that_counts() {
        let root = tree::repository().unwrap();
        let read = |path| std::fs::read_to_string(root.join(path)).unwrap();
        let rooms = Config::parse(read(config::PATH)).unwrap().rooms;
        let page = table_of_the_page(&read("ARCHITECTURE.md"));
        let all = rooms.shipping.iter().chain(&rooms.workshop);
        for (room, uses) in all {
            let said = page.get(room);
            let said = said.unwrap_or_else(|| panic!("the page has no row for {room}"));
            let is_room = |name: &&String| rooms.shipping.contains_key(*name) || *name == "testkit";
            let mut said: BTreeSet<&str> = said.iter().filter(is_room).map(|it| &**it).collect();
            if page[room].contains("every") {
                said.insert("*");
            }
            let uses: BTreeSet<&str> = uses.iter().map(String::as_str).collect();
            assert_eq!(said, uses, "{room}, on the page and in {}", config::PATH);
        }
    }
}
