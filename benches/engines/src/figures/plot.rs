//! The plot, as SVG: for each kind of call its p50 and p99, and below them the calls a second, against the number of
//! processes, one line for each number of accounts.

use std::ops::Range;
use std::path::Path;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::{Figure, Kind};
use crate::Failed;

/// Colours that are told apart in grey and by most colour-blind people (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 3] = [RGBColor(0, 114, 178), RGBColor(230, 159, 0), RGBColor(0, 158, 115)];
const FONT: &str = "sans-serif";
const WIDTH: u32 = 1_200;
const HEIGHT: u32 = 620;

/// Less is drawn as this: the axes are logarithmic.
const LEAST: f64 = 1e-4;

/// What a row of charts shows.
struct Shown {
    /// The thick line with points, and a thin one beside it.
    thick: fn(&Figure) -> f64,
    thin: Option<fn(&Figure) -> f64>,
    axis: Range<f64>,
}

pub(super) fn draw(engine: &str, figures: &[Figure], path: &Path) -> Result<(), Failed> {
    let root = SVGBackend::new(path, (WIDTH, HEIGHT)).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!(
        "{engine}, against processes: above, latency in ms, thick p50, thin p99; below, calls a second"
    );
    let root = root.titled(&title, (FONT, 16))?;
    let axis = |low: fn(&Figure) -> f64, high: fn(&Figure) -> f64| {
        let lowest = figures.iter().map(low).fold(f64::INFINITY, f64::min) * 0.7;
        lowest.max(LEAST)..figures.iter().map(high).fold(LEAST, f64::max) * 1.5
    };
    let rows = [
        Shown { thick: |of| of.p50, thin: Some(|of| of.p99), axis: axis(|of| of.p50, |of| of.p99) },
        Shown { thick: |of| of.per_second, thin: None, axis: axis(|of| of.per_second, |of| of.per_second) },
    ];
    let areas = root.split_evenly((rows.len(), Kind::ALL.len()));
    for (areas, shown) in areas.chunks(Kind::ALL.len()).zip(&rows) {
        for (area, kind) in areas.iter().zip(Kind::ALL) {
            chart(area, kind, figures, shown)?;
        }
    }
    root.present()?;
    Ok(())
}

fn chart(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    kind: Kind,
    figures: &[Figure],
    shown: &Shown,
) -> Result<(), Failed> {
    let mut chart = ChartBuilder::on(area)
        .caption(kind.name(), (FONT, 14))
        .margin(6)
        .x_label_area_size(22)
        .y_label_area_size(48)
        .build_cartesian_2d(0.8_f64..4.2, shown.axis.clone().log_scale())?;
    chart
        .configure_mesh()
        .x_labels(5)
        .x_label_formatter(&|x| format!("{x:.0}"))
        .label_style((FONT, 11))
        .draw()?;
    let mut accounts: Vec<usize> = figures.iter().map(|figure| figure.accounts).collect();
    accounts.sort_unstable();
    accounts.dedup();
    for (colour, so_many) in COLOURS.iter().zip(accounts) {
        let line = |of: fn(&Figure) -> f64| {
            let of_line = figures.iter().filter(move |one| one.kind == kind && one.accounts == so_many);
            of_line.map(move |one| (one.processes as f64, of(one).max(LEAST)))
        };
        if let Some(thin) = shown.thin {
            chart.draw_series(LineSeries::new(line(thin), colour.stroke_width(1)))?;
        }
        let thick = LineSeries::new(line(shown.thick), colour.stroke_width(3)).point_size(3);
        let (label, colour) = (format!("{so_many} accounts"), *colour);
        let mark = move |(x, y)| PathElement::new([(x, y), (x + 12, y)], colour.stroke_width(3));
        chart.draw_series(thick)?.label(label).legend(mark);
    }
    if kind == Kind::Check && shown.thin.is_some() {
        let mut labels = chart.configure_series_labels();
        labels
            .position(SeriesLabelPosition::UpperLeft)
            .label_font((FONT, 11))
            .background_style(WHITE)
            .draw()?;
    }
    Ok(())
}
