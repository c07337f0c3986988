//! `bench`.

use super::{
    args::BenchArgs,
    report::{Failure, Report},
};
use crate::{bench, session::AdapterChoice};
use serde_json::json;

pub(super) fn bench(a: &BenchArgs, adapter: &AdapterChoice, report: &Report) -> Result<(), Failure> {
    let rows = bench::run(&a.names, adapter, &|what| {
        if !report.json {
            eprintln!("{what}");
        }
    })?;
    let text: Vec<String> = rows
        .iter()
        .map(|r| {
            let peer = r.peer.as_ref().map_or_else(String::new, |p| format!("{} {:.2}", p.name, p.value));
            let ratio = r.ratio.map_or_else(String::new, |x| format!("×{x:.2}"));
            format!("{:<52} {:>9.2} {:<12} {:<24} {:<7} {}", r.name, r.value, r.unit, peer, ratio, r.goal.unwrap_or_default())
        })
        .collect();
    report.result(&json!(rows), &text.join("\n"))
}
