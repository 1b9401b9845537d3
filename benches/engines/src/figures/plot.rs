//! The plot, as SVG: for each kind of call its p50 and p99 against the number of processes, one line for each
//! number of accounts.

use std::path::Path;

use plotters::prelude::*;

use super::{Kind, Row};
use crate::Failed;

/// Colours that are told apart in grey and by most colour-blind people (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(230, 159, 0), RGBColor(0, 158, 115)];
const FONT: &str = "sans-serif";
const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 340;

pub(super) fn draw(engine: &str, rows: &[Row], path: &Path) -> Result<(), Failed> {
    let root = SVGBackend::new(path, (WIDTH, HEIGHT)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("{engine}: latency in ms against processes; solid p50, thin p99");
    let root = root.titled(&title, (FONT, 16))?;
    let highest = rows.iter().map(|row| row.percentile(99)).fold(1.0, f64::max) * 1.5;
    let lowest = rows.iter().map(|row| row.percentile(50)).fold(1.0, f64::min) * 0.7;
    let mut accounts: Vec<usize> = rows.iter().map(|row| row.accounts).collect();
    accounts.sort_unstable();
    accounts.dedup();
    for (area, kind) in root.split_evenly((1, Kind::ALL.len())).into_iter().zip(Kind::ALL) {
        let mut chart = ChartBuilder::on(&area)
            .caption(kind.name(), (FONT, 14))
            .margin(6)
            .x_label_area_size(22)
            .y_label_area_size(42)
            .build_cartesian_2d(0.8_f64..4.2, (lowest.max(1e-4)..highest).log_scale())?;
        chart
            .configure_mesh()
            .x_labels(5)
            .x_label_formatter(&|x| format!("{x:.0}"))
            .label_style((FONT, 11))
            .draw()?;
        for (colour, so_many) in COLOURS.iter().zip(&accounts) {
            let of_line = || rows.iter().filter(|row| row.kind == kind && row.accounts == *so_many);
            let line = |percent: usize| {
                of_line().map(move |row| (row.processes as f64, row.percentile(percent).max(1e-4)))
            };
            chart.draw_series(LineSeries::new(line(99), colour.stroke_width(1)))?;
            let solid = LineSeries::new(line(50), colour.stroke_width(3)).point_size(3);
            let (label, colour) = (format!("{so_many} accounts"), *colour);
            let mark = move |(x, y)| PathElement::new([(x, y), (x + 12, y)], colour.stroke_width(3));
            chart.draw_series(solid)?.label(label).legend(mark);
        }
        if kind == Kind::Check {
            let mut labels = chart.configure_series_labels();
            labels
                .position(SeriesLabelPosition::UpperLeft)
                .label_font((FONT, 11))
                .background_style(WHITE)
                .draw()?;
        }
    }
    root.present()?;
    Ok(())
}
