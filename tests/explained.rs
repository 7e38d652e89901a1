//! Explanations against a table that was made apart from the program
//! (`explained.tsv`; `explained.py` checks each of its rows by another
//! computation).

use std::collections::HashMap;
use ulpscope::format::Format;
use ulpscope::language::Definitions;
use ulpscope::measure::{Bounds, Cause};
use ulpscope::study::{Explanation, NodeKind, Options, Point, Subject, Trust, explain};

/// One row for each formula; its head says what the columns mean.
const TABLE: &str = include_str!("explained.tsv");

fn explanation(row: &HashMap<&str, &str>) -> (Subject, Explanation) {
    let mut definitions = Definitions::new();
    for definition in row["define"].split(';').filter(|text| *text != "-") {
        definitions.add("define", definition.trim()).unwrap();
    }
    let point = match row["at"] {
        "-" => Point::default(),
        at => Point::parse(&mut definitions, at, 10_000).unwrap(),
    };
    let subject = Subject::parse(&mut definitions, row["formula"], &point).unwrap();
    let format: Format = row["format"].parse().unwrap();
    let result = explain(&subject, format, &Options::default()).unwrap();
    (subject, result)
}

/// Whether a percentage lies in `a..b`, or within 2 of a single number.
fn is_in(share: &Bounds, expected: &str) -> bool {
    let (low, high) = match expected.split_once("..") {
        Some((low, high)) => (low.parse().unwrap(), high.parse().unwrap()),
        None => {
            let middle: f64 = expected.parse().unwrap();
            (middle - 2.0, middle + 2.0)
        }
    };
    low <= 100.0 * share.lower.to_f64() && 100.0 * share.upper.to_f64() <= high
}

/// Whether the computed value is what the last column says: 0, inf, nan, exact,
/// none (against an exact 0), or else its relative error, a range or a number
/// give or take half a unit of its last digit.
fn ends_as(result: &Explanation, expected: &str) -> bool {
    let row = &result.result;
    let computed = row.computed.as_ref().unwrap().value();
    let number = |text: &str| -> f64 {
        match text.strip_suffix('%') {
            Some(percent) => percent.parse::<f64>().unwrap() / 100.0,
            None => text.parse().unwrap(),
        }
    };
    let unit = |text: &str| -> f64 {
        let scale = if text.ends_with('%') { 0.01 } else { 1.0 };
        let text = text.trim_end_matches('%');
        let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
        let places = digits
            .split_once('.')
            .map_or(0, |(_, places)| places.len() as i32);
        scale * 10f64.powi(exponent.parse::<i32>().unwrap() - places)
    };
    let error = row.relative_error.as_ref();
    match expected {
        "0" => computed.is_zero() && error.is_some_and(|error| error.lower == 1),
        "inf" => computed.is_infinite() && *computed > 0,
        "-inf" => computed.is_infinite() && *computed < 0,
        "nan" => computed.is_nan(),
        "exact" => error.is_some_and(|error| error.upper.is_zero()),
        "none" => error.is_none() && !computed.is_zero(),
        expected => {
            let (low, high) = match expected.split_once("..") {
                Some((low, high)) => (number(low), number(high)),
                None => {
                    let (middle, half) = (number(expected), unit(expected) / 2.0);
                    (middle - half, middle + half)
                }
            };
            // A unit in the last place for the doubles that bounds become.
            let slack = 1e-15 * high;
            error.is_some_and(|error| {
                low - slack <= error.lower.to_f64() && error.upper.to_f64() <= high + slack
            })
        }
    }
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[test]
fn the_table_made_apart() {
    let mut lines = TABLE.lines();
    let header = lines.find(|line| line.starts_with("# formula\t")).unwrap();
    let columns: Vec<&str> = header.trim_start_matches("# ").split('\t').collect();
    // The table has the words of the prelude's body, the program those of the
    // call: σ's z stands for its argument.
    let renamed = |row: &HashMap<&str, &str>| -> String {
        let culprit = squeezed(row["culprit"]);
        let argument = [row["formula"], row["define"]]
            .into_iter()
            .find_map(|text| {
                let rest = text.split_once("sigmoid(")?.1;
                Some(squeezed(rest.split_once(')')?.0))
            });
        match argument {
            Some(argument) if culprit.contains("exp(-z)") && argument.len() > 1 => {
                culprit.replace("exp(-z)", &format!("exp(-({argument}))"))
            }
            Some(argument) => culprit.replace("exp(-z)", &format!("exp(-{argument})")),
            None => culprit,
        }
    };
    let mut rows = 0;
    let mut wrong = Vec::new();
    for line in lines.filter(|line| !line.starts_with('#') && !line.is_empty()) {
        rows += 1;
        let row: HashMap<&str, &str> = columns.iter().copied().zip(line.split('\t')).collect();
        let (_, result) = explanation(&row);
        let story = &result.story;
        let named = |index: Option<usize>| match index {
            None => vec!["-".to_string()],
            Some(index) => {
                let node = &result.nodes[index];
                let names = node.name.iter().chain([&node.text]);
                names.map(|text| squeezed(text)).collect()
            }
        };
        let mut complain = |what: &str, found: String| {
            wrong.push(format!("{line}\n    {what}: {found}"));
        };
        if !ends_as(&result, row["final"]) {
            let error = result.result.relative_error.as_ref();
            complain("final", format!("{:?}", error.map(Bounds::full)));
        }
        let culprit = named(story.culprit);
        if !culprit.contains(&renamed(&row)) {
            complain("culprit", format!("{culprit:?}"));
            continue;
        }
        let exposed = named(story.exposed_by);
        let reported = !matches!(story.first_order, Trust::NotFinite);
        if reported && !exposed.contains(&squeezed(row["exposed"])) {
            complain("exposed", format!("{exposed:?}"));
        }
        let Some(index) = story.culprit else { continue };
        let node = &result.nodes[index];
        let happened = node.happened.cause.word().replace(' ', "-");
        let same = match (row["happened"], node.happened.cause) {
            ("rounded", Cause::Cancelled) => node.kind == NodeKind::Operation,
            (expected, _) => expected == happened,
        };
        if !same {
            complain("happened", happened);
        }
        if row["share"] != "-" && !node.share.as_ref().is_some_and(|s| is_in(s, row["share"])) {
            complain(
                "share",
                format!("{:?}", node.share.as_ref().map(Bounds::percent)),
            );
        }
        if row["inputs"] != "-" {
            let nothing = Bounds::point(0);
            let inputs = story.inputs.as_ref().unwrap_or(&nothing);
            if !is_in(inputs, row["inputs"]) {
                complain("inputs", inputs.percent());
            }
        }
    }
    assert!(rows >= 100, "{rows} rows");
    assert!(
        wrong.is_empty(),
        "{} of {rows}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
