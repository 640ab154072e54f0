//! Tables for a terminal, and in Markdown with columns aligned for who reads the source.

use std::ops::Range;

use comfy_table::{CellAlignment, Table, presets};

/// A table for a terminal, still without rows: these of its columns are numbers, which stand to the
/// right.
pub(crate) fn for_terminal(head: &[&str], numbers: Range<usize>) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(head.to_vec());
    for column in table
        .column_iter_mut()
        .take(numbers.end)
        .skip(numbers.start)
    {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

/// A table: the first column is text, the others stand to the right.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = head.iter().map(|&it| it.to_owned()).collect();
    let width = |column: usize| {
        let cells = rows.iter().chain([&head]).filter_map(|row| row.get(column));
        cells
            .map(|cell| cell.chars().count())
            .max()
            .unwrap_or(0)
            .max(3)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut lines = vec![line(&head, &widths), rule(&widths)];
    lines.extend(rows.iter().map(|row| line(row, &widths)));
    lines.join("\n") + "\n"
}

fn line(cells: &[String], widths: &[usize]) -> String {
    let mut text = String::from("|");
    for (column, width) in widths.iter().enumerate() {
        // A bar inside a cell would begin another one.
        let cell = cells
            .get(column)
            .map_or(String::new(), |cell| cell.replace('|', "\\|"));
        if column == 0 {
            text.push_str(&format!(" {cell:width$} |"));
        } else {
            text.push_str(&format!(" {cell:>width$} |"));
        }
    }
    text
}

fn rule(widths: &[usize]) -> String {
    let mut text = String::from("|");
    for (column, width) in widths.iter().enumerate() {
        let dashes = "-".repeat(*width);
        text.push_str(&if column == 0 {
            format!(" {dashes} |")
        } else {
            format!(" {}: |", &"-".repeat(width - 1))
        });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_to_the_right_on_a_terminal() {
        let mut table = for_terminal(&["name", "bytes", "why"], 1..2);
        table.add_row(["a", "1", "x"]).add_row(["b", "22", "y"]);
        let lines: Vec<String> = table
            .lines()
            .map(|line| line.trim_end().to_owned())
            .collect();
        assert_eq!(
            lines,
            [" name  bytes  why", " a         1  x", " b        22  y"]
        );
    }

    #[test]
    fn the_first_column_is_text_and_the_others_are_numbers() {
        let rows = [
            vec!["one".to_owned(), "1".to_owned()],
            vec!["eleven".to_owned(), "11".to_owned()],
        ];
        let expected = "\
| name   | size |
| ------ | ---: |
| one    |    1 |
| eleven |   11 |
";
        assert_eq!(table(&["name", "size"], &rows), expected);
    }

    #[test]
    fn a_bar_in_a_cell_does_not_begin_another_cell() {
        let text = table(&["a"], &[vec!["x|y".to_owned()]]);
        assert!(text.contains("x\\|y"), "{text}");
    }
}
