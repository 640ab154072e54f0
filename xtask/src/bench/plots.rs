//! The plots, as SVG. `plotters` with its SVG backend alone: plain Rust, three small crates, no
//! fonts and no browser, which is what the charting crates over JavaScript need.

use plotters::coord::Shift;
use plotters::prelude::*;

use super::contestants::REFERENCE;
use super::error::BenchError;
use super::results::{PairResult, Results};
use super::statistics::real;

/// The file with the sizes.
pub(super) const SIZES: &str = "bench-sizes.svg";
/// The file with the times.
pub(super) const TIMES: &str = "bench-times.svg";

/// Size relative to Shorebird's, a group of bars a pair.
pub(super) fn sizes(results: &Results) -> Result<String, BenchError> {
    let mut svg = String::new();
    bars(&mut svg, results).map_err(|detail| failed(SIZES, &detail))?;
    Ok(svg + "\n")
}

/// Time to make against size, both relative to Shorebird's: a point a contestant and pair.
pub(super) fn times(results: &Results) -> Result<String, BenchError> {
    let mut svg = String::new();
    points(&mut svg, results).map_err(|detail| failed(TIMES, &detail))?;
    Ok(svg + "\n")
}

fn failed(name: &'static str, detail: &dyn std::fmt::Display) -> BenchError {
    let detail = detail.to_string();
    BenchError::Plot { name, detail }
}

type Drawn = Result<(), Box<dyn std::error::Error>>;
type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

fn bars(svg: &mut String, results: &Results) -> Drawn {
    let pairs: Vec<&PairResult> = results.all_pairs().collect();
    let series = series(results);
    let group_pixels = 40 + 14 * u32::try_from(series.len())?;
    let width = (260 + group_pixels * u32::try_from(pairs.len())?).max(700);
    let area = SVGBackend::with_string(svg, (width, 460)).into_drawing_area();
    area.fill(&WHITE)?;
    let (plot, legend) = area.split_horizontally(width - 200);
    let title = "Size of the patch, relative to Shorebird's";
    let mut chart = ChartBuilder::on(&plot)
        .caption(title, (FONT, 18))
        .margin(10)
        .x_label_area_size(60)
        .y_label_area_size(50)
        .build_cartesian_2d(0.0..real_of(pairs.len()), 0.0..SIZE_MAX)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .disable_x_axis()
        .bold_line_style(GRID)
        .light_line_style(WHITE)
        .draw()?;
    let step = 0.86 / real_of(series.len().max(1));
    for (at, pair) in pairs.iter().enumerate() {
        for (index, (name, colour)) in series.iter().enumerate() {
            let Some(ratios) = pair.ratios(name) else {
                continue;
            };
            let left = real_of(at) + 0.07 + real_of(index) * step;
            let top = ratios.size.min(SIZE_MAX);
            let corners = [(left, 0.0), (left + step * 0.9, top)];
            chart.draw_series([Rectangle::new(corners, colour.filled())])?;
        }
        label(
            &plot,
            &chart.backend_coord(&(real_of(at) + 0.07, 0.0)),
            pair,
        )?;
    }
    let line = [(0.0, 1.0), (real_of(pairs.len()), 1.0)];
    chart.draw_series([PathElement::new(line, BLACK)])?;
    names(&legend, &series, &format!("cut at {SIZE_MAX}"))?;
    area.present()?;
    Ok(())
}

/// Package and versions under a group of bars.
fn label(plot: &Area<'_>, place: &(i32, i32), pair: &PairResult) -> Drawn {
    let (x, y) = *place;
    let lines = [
        pair.package.clone(),
        format!("{} to {}", pair.from, pair.to),
    ];
    for (line, down) in lines.into_iter().zip([8, 24]) {
        plot.draw_text(&line, &(FONT, 11).into_text_style(plot), (x, y + down))?;
    }
    Ok(())
}

fn points(svg: &mut String, results: &Results) -> Drawn {
    let series = series(results);
    let area = SVGBackend::with_string(svg, (900, 520)).into_drawing_area();
    area.fill(&WHITE)?;
    let (plot, legend) = area.split_horizontally(700);
    let mut chart = ChartBuilder::on(&plot)
        .caption(
            "Time to make against size, relative to Shorebird's",
            (FONT, 18),
        )
        .margin(10)
        .x_label_area_size(45)
        .y_label_area_size(50)
        .build_cartesian_2d((0.02..20.0).log_scale(), (0.6..4.0).log_scale())?;
    chart
        .configure_mesh()
        .x_desc("time to make (logarithmic)")
        .y_desc("size (logarithmic)")
        .bold_line_style(GRID)
        .light_line_style(WHITE)
        .draw()?;
    for (name, colour) in &series {
        let ratios = results.all_pairs().filter_map(|pair| pair.ratios(name));
        let dots = ratios.map(|it| {
            let place = (it.make.clamp(0.02, 20.0), it.size.clamp(0.6, 4.0));
            Circle::new(place, 4, colour.filled())
        });
        chart.draw_series(dots)?;
    }
    chart.draw_series([Cross::new((1.0, 1.0), 8, BLACK.stroke_width(2))])?;
    names(&legend, &series, &format!("cross: {REFERENCE}"))?;
    area.present()?;
    Ok(())
}

fn names(legend: &Area<'_>, series: &[(&str, RGBColor)], last: &str) -> Drawn {
    let mut y = 50;
    let style = (FONT, 13).into_text_style(legend);
    for (name, colour) in series {
        legend.draw(&Rectangle::new([(0, y), (12, y + 12)], colour.filled()))?;
        legend.draw_text(name, &style, (18, y))?;
        y += 20;
    }
    legend.draw_text(last, &style, (0, y + 6))?;
    Ok(())
}

/// Everyone but Shorebird's, which is the line at 1.
fn series(results: &Results) -> Vec<(&str, RGBColor)> {
    let others = results
        .contestants()
        .into_iter()
        .filter(|name| *name != REFERENCE);
    let colours = COLOURS.iter().cycle();
    others
        .zip(colours)
        .map(|(name, &(r, g, b))| (name, RGBColor(r, g, b)))
        .collect()
}

fn real_of(count: usize) -> f64 {
    real(super::statistics::wide(count))
}

const GRID: RGBColor = RGBColor(0xdd, 0xdd, 0xdd);
const FONT: &str = "sans-serif";
/// Bars end here: who is twice as large is out of the running.
const SIZE_MAX: f64 = 2.0;
/// Ours are blues and greens, the others warm.
const COLOURS: [(u8, u8, u8); 10] = [
    (0x1f, 0x4e, 0x9c),
    (0x6a, 0x9b, 0xd8),
    (0x0b, 0x6e, 0x4f),
    (0x3f, 0xb2, 0x7f),
    (0xa6, 0xd8, 0x54),
    (0x8c, 0x56, 0x4b),
    (0xd6, 0x27, 0x28),
    (0xff, 0x7f, 0x0e),
    (0xe3, 0x77, 0xc2),
    (0x94, 0x67, 0xbd),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::results::tests::pair;

    #[test]
    fn a_contestants_name_and_its_bar_stand_in_the_plot() {
        let results = Results {
            neighbours: vec![pair(&[(REFERENCE, 100, 1.0, 1.0), ("a & b", 50, 1.0, 1.0)])],
            ..Results::default()
        };
        let svg = sizes(&results).unwrap();
        assert!(
            svg.contains("a &amp; b") && svg.contains("#1F4E9C"),
            "{svg}"
        );
    }

    #[test]
    fn nothing_measured_is_an_empty_plot_and_no_error() {
        assert!(times(&Results::default()).is_ok() && sizes(&Results::default()).is_ok());
    }
}
