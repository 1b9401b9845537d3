//! The plots, as SVG.

use std::error::Error;
use std::path::{Path, PathBuf};

use plotters::prelude::*;

use crate::harness::{Measured, Side};
use crate::row::{Group, Row, ratio, time};

type Drawn = Result<(), Box<dyn Error>>;

/// Colours that are told apart in grey and by most colour-blind people (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(0, 0, 0),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(213, 94, 0),
    RGBColor(204, 121, 167),
];
const FONT: &str = "sans-serif";

/// Draws all of them; answers with the files.
pub fn draw(rows: &[Row], folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    std::fs::create_dir_all(folder)?;
    let path = |name: &str| folder.join(name);
    let (bars, accounts, devices, revoking, threads) = (
        path("ratios.svg"),
        path("accounts.svg"),
        path("devices.svg"),
        path("revoke_all.svg"),
        path("threads.svg"),
    );
    ratios(rows, &bars)?;
    let by_accounts = |row: &Row| match row.group {
        Group::Store(accounts, 1) => Some(accounts as f64),
        _ => None,
    };
    let title = "Full check through a store in memory, 1 thread";
    lines(
        &series(rows, by_accounts, Measured::nanoseconds),
        title,
        ("accounts", "one check"),
        time,
        &accounts,
    )?;
    let by_devices = |row: &Row| match row.group {
        Group::Bytes(devices) => Some(devices as f64),
        _ => None,
    };
    let title = "Session check from stored bytes";
    lines(
        &series(rows, by_devices, Measured::nanoseconds),
        title,
        ("devices in the record", "one check"),
        time,
        &devices,
    )?;
    let by_revoked = |row: &Row| match row.group {
        Group::RevokeAll(devices) => Some(devices as f64),
        _ => None,
    };
    let title = "Log out from all devices: gate, store in memory";
    lines(
        &series(rows, by_revoked, Measured::nanoseconds),
        title,
        ("devices", "one command"),
        time,
        &revoking,
    )?;
    let most = rows.iter().filter_map(|row| match row.group {
        Group::Store(accounts, _) if row.measured.len() > 3 => Some(accounts),
        _ => None,
    });
    let most = most.max().ok_or("no row with a store")?;
    let by_threads = |row: &Row| match row.group {
        Group::Store(accounts, threads) if accounts == most => Some(threads as f64),
        _ => None,
    };
    let title = format!("Full checks per second, {most} accounts");
    let per_second = |one: &Measured| 1e9 / one.nanoseconds();
    lines(&series(rows, by_threads, per_second), &title, ("threads", "checks per second"), rate, &threads)?;
    Ok(vec![bars, accounts, devices, revoking, threads])
}

fn rate(per_second: f64) -> String {
    if per_second >= 1e6 {
        format!("{:.1} M/s", per_second / 1e6)
    } else {
        format!("{:.0} k/s", per_second / 1e3)
    }
}

/// How much longer the peers take, one bar each.
fn ratios(rows: &[Row], path: &Path) -> Drawn {
    let mut bars: Vec<(String, f64, usize)> = Vec::new();
    for (index, row) in shown(rows).enumerate() {
        for peer in row.side(Side::Peer) {
            bars.push((format!("{} · {}", row.work, peer.name), peer.times(row.ours()), index));
        }
    }
    let height = 70 + 20 * bars.len() as u32;
    let root = SVGBackend::new(path, (1_200, height)).into_drawing_area();
    root.fill(&WHITE)?;
    let low = bars.iter().map(|bar| bar.1).fold(0.5, f64::min) * 0.8;
    let high = bars.iter().map(|bar| bar.1).fold(10.0, f64::max) * 3.0;
    let count = bars.len() as f64;
    let mut chart = ChartBuilder::on(&root)
        .caption(
            "How many times as long as pinlatch (log scale; left of 1: faster than pinlatch)",
            (FONT, 18),
        )
        .margin(8)
        .x_label_area_size(28)
        .margin_right(40)
        .y_label_area_size(580)
        .build_cartesian_2d((low..high).log_scale(), 0.0..count)?;
    chart
        .configure_mesh()
        .disable_y_mesh()
        .disable_y_axis()
        .y_labels(0)
        .x_label_formatter(&|x| ratio(*x))
        .x_label_style((FONT, 13))
        .draw()?;
    for (index, (label, value, row)) in bars.iter().enumerate() {
        let top = count - index as f64;
        let (from, to) = (value.min(1.0), value.max(1.0));
        let colour = COLOURS[row % 2 * 3].filled();
        chart.draw_series([Rectangle::new([(from, top - 0.15), (to, top - 0.85)], colour)])?;
        let style = (FONT, 13).into_text_style(&root);
        let beside = chart.backend_coord(&(to, top - 0.5));
        root.draw_text(&ratio(*value), &style, (beside.0 + 5, beside.1 - 6))?;
        let right = style.pos(plotters::style::text_anchor::Pos::new(
            plotters::style::text_anchor::HPos::Right,
            plotters::style::text_anchor::VPos::Center,
        ));
        let edge = chart.backend_coord(&(low, top - 0.5));
        root.draw_text(label, &right, (edge.0 - 6, edge.1))?;
    }
    let one = [(1.0, 0.0), (1.0, count)];
    chart.draw_series(LineSeries::new(one, BLACK.stroke_width(1)))?;
    root.present()?;
    Ok(())
}

/// The rows whose bars are drawn: of the sizes, the largest that has all peers.
fn shown(rows: &[Row]) -> impl Iterator<Item = &Row> {
    let most = rows.iter().filter(|row| row.measured.len() > 3);
    let most =
        most.filter_map(|row| if let Group::Store(accounts, _) = row.group { Some(accounts) } else { None });
    let most = most.max().unwrap_or_default();
    rows.iter().filter(move |row| match row.group {
        Group::Bytes(devices) => devices == 3,
        Group::Store(accounts, threads) => accounts == most && threads == 1,
        Group::RevokeAll(devices) => devices == 3 || devices == 64,
        Group::Decision => false,
        _ => true,
    })
}

/// A line: whose, on which side, and its points.
struct Line {
    name: String,
    side: Side,
    points: Vec<(f64, f64)>,
}

/// One line for each contestant of the rows that have a place on the x axis.
fn series(rows: &[Row], place: impl Fn(&Row) -> Option<f64>, value: impl Fn(&Measured) -> f64) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for row in rows {
        let Some(x) = place(row) else { continue };
        for one in &row.measured {
            let point = (x, value(one));
            match lines.iter_mut().find(|line| line.name == one.name) {
                Some(line) => line.points.push(point),
                None => lines.push(Line { name: one.name.clone(), side: one.side, points: vec![point] }),
            }
        }
    }
    lines
}

/// Lines over two logarithmic axes, with the legend beside them.
fn lines(lines: &[Line], title: &str, (x, y): (&str, &str), format: fn(f64) -> String, path: &Path) -> Drawn {
    let points = || lines.iter().flat_map(|line| line.points.iter());
    let xs: Vec<f64> = lines.first().ok_or("nothing to draw")?.points.iter().map(|point| point.0).collect();
    let (first, last) = (xs[0], xs[xs.len() - 1]);
    let low = points().map(|point| point.1).fold(f64::INFINITY, f64::min) * 0.7;
    let high = points().map(|point| point.1).fold(0.0, f64::max) * 1.4;
    let root = SVGBackend::new(path, (900, 460)).into_drawing_area();
    root.fill(&WHITE)?;
    let (left, legend) = root.split_horizontally(640);
    let mut chart = ChartBuilder::on(&left)
        .caption(title, (FONT, 18))
        .margin(10)
        .x_label_area_size(44)
        .y_label_area_size(84)
        .build_cartesian_2d(
            (first * 0.9..last * 1.1).log_scale().with_key_points(xs),
            (low..high).log_scale().with_key_points(key_points(low, high)),
        )?;
    chart
        .configure_mesh()
        .x_desc(x)
        .y_desc(y)
        .x_label_formatter(&|x| whole(*x))
        .y_label_formatter(&|y| format(*y))
        .label_style((FONT, 13))
        .light_line_style(WHITE)
        .draw()?;
    for (index, line) in lines.iter().enumerate() {
        let colour = COLOURS[index % COLOURS.len()];
        let width = if line.side == Side::Ours { 3 } else { 1 };
        chart.draw_series(LineSeries::new(line.points.clone(), colour.stroke_width(width)))?;
        chart.draw_series(line.points.iter().map(|point| Circle::new(*point, 4, colour.filled())))?;
        let at = 60 + 24 * index as i32;
        legend.draw(&Circle::new((10, at), 5, colour.filled()))?;
        legend.draw_text(&line.name, &(FONT, 14).into_text_style(&legend), (22, at - 7))?;
    }
    root.present()?;
    Ok(())
}

/// 1, 2 and 5 times the powers of ten between two values.
fn key_points(low: f64, high: f64) -> Vec<f64> {
    let tens = low.log10().floor() as i32..=high.log10().ceil() as i32;
    let points = tens.flat_map(|ten| [1.0, 2.0, 5.0].map(|digit| digit * 10_f64.powi(ten)));
    points.filter(|point| (low..high).contains(point)).collect()
}

/// A count with thousands apart.
fn whole(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(whole(1.0), "1");
        assert_eq!(whole(1_000.0), "1,000");
        assert_eq!(whole(10_000_000.0), "10,000,000");
    }

    #[test]
    fn key_points_lie_inside() {
        assert_eq!(key_points(30.0, 300.0), [50.0, 100.0, 200.0]);
    }
}
