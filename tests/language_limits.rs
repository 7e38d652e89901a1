//! The language under load: nothing overflows the stack, nothing takes more
//! than linear time, and every limit is an error.

use ulpscope::formula::{Formula, MAX_CALL_DEPTH, MAX_NODES};
use ulpscope::language::{Definitions, MAX_NESTING, MAX_SOURCE_BYTES};

fn formula(text: &str) -> Result<Formula, String> {
    let formula = Definitions::new().formula("expression", text);
    formula.map_err(|error| error.message)
}

fn message(text: &str) -> String {
    formula(text).expect_err("too much")
}

#[test]
fn nesting() {
    let nested = |open: &str, close: &str, depth: usize| {
        format!("{}x{}", open.repeat(depth), close.repeat(depth))
    };
    let most = MAX_NESTING - 1;
    let expected = format!("brackets nest deeper than {MAX_NESTING}");
    let brackets = [
        ("(", ")"),
        ("|", "|"),
        ("exp(", ")"),
        ("1 + 2*-exp(", ")"),
        ("a or b and c < d + e*f^-max(1, ", ")"),
        ("fl(", ", f32)"),
        ("if a < b then ", " else c"),
        ("if a < b then c else ", ""),
    ];
    for (open, close) in brackets {
        if !open.starts_with("a or") {
            formula(&nested(open, close, most)).expect(open);
        }
        assert_eq!(message(&nested(open, close, 100_000)), expected);
        assert_eq!(message(&open.repeat(100_000)), expected);
    }
    assert_eq!(
        message(&")".repeat(100_000)),
        "an expression is missing before `)`"
    );
}

#[test]
fn long_expressions() {
    let million = 1_000_000;
    // Two nodes a term.
    let terms = 500_000;
    let length = |text: &str| formula(text).unwrap().nodes().len();
    assert_eq!(length(&format!("x{}", "+x".repeat(terms))), 2 * terms + 1);
    assert_eq!(length(&format!("{}x", "-".repeat(million))), million + 1);
    assert_eq!(length(&format!("{}x", "- +".repeat(million))), million + 1);
    assert_eq!(length(&format!("{}2", "2^".repeat(terms))), 2 * terms + 1);
    assert_eq!(length(&format!("{}x", "√".repeat(million))), million + 1);
    assert_eq!(length(&format!("x{}", "²".repeat(1000))), 3);
    let chain = format!("x{}", " < x".repeat(300_000));
    assert_eq!(length(&chain), 300_001 + 2 * 300_000 - 1);
    let implied = format!("{}a < 1", "a < 1 implies ".repeat(100_000));
    assert_eq!(length(&implied), 3 * 100_001 + 2 * 100_000);
    let text = format!("x{}", "+x".repeat(MAX_NODES / 2));
    let expected = format!("the formula has more than {MAX_NODES} operations");
    assert_eq!(message(&text), expected);
}

#[test]
fn many_names() {
    let names: Vec<String> = (0..200_000).map(|i| format!("x{i}")).collect();
    assert_eq!(formula(&names.join("+")).unwrap().inputs(), names);
}

#[test]
fn large_texts() {
    let text = " ".repeat(MAX_SOURCE_BYTES + 1);
    let expected = format!(
        "expression has {} bytes; a text may have {MAX_SOURCE_BYTES}",
        text.len()
    );
    assert_eq!(message(&text), expected);
    let numbers = "1e999999 + ".repeat(1000);
    assert_eq!(
        message(&numbers),
        "the numbers of this text take too much memory"
    );
}

#[test]
fn chains_of_definitions() {
    let count = 100_000;
    let mut lines: Vec<String> = (1..=count)
        .map(|i| format!("a{i} = a{} + a{}", i - 1, i - 1))
        .collect();
    let expression = format!("a{count}");
    for _ in 0..2 {
        let mut definitions = Definitions::new();
        definitions.add("definitions", &lines.join("\n")).unwrap();
        let formula = definitions.formula("expression", &expression).unwrap();
        assert_eq!(formula.nodes().len(), count + 2);
        // In the order that has every definition wait for the next one.
        lines.reverse();
    }
    lines.push(format!("a0 = a{count}"));
    let mut definitions = Definitions::new();
    definitions.add("definitions", &lines.join("\n")).unwrap();
    let error = definitions.formula("expression", "1").unwrap_err();
    assert_eq!(
        error.message,
        "`a1` is defined by itself: a1 → a0 → a100000 → … → a3 → a2 → a1"
    );
}

#[test]
fn chains_of_functions() {
    let chain = |depth: usize, reversed: bool| {
        let mut lines = vec!["f0(x) = fl(x, f32) + x".to_string()];
        lines.extend((1..=depth).map(|i| format!("f{i}(x) = f{}(x) + f{}(x)", i - 1, i - 1)));
        if reversed {
            lines.reverse();
        }
        let mut definitions = Definitions::new();
        definitions.add("definitions", &lines.join("\n")).unwrap();
        let formula = definitions.formula("expression", &format!("f{depth}(x)"));
        formula.map_err(|error| error.message)
    };
    let too_deep = format!("calls of functions nest deeper than {MAX_CALL_DEPTH}");
    for reversed in [false, true] {
        assert!(chain(MAX_CALL_DEPTH - 1, reversed).is_ok());
        assert_eq!(chain(MAX_CALL_DEPTH + 1, reversed).unwrap_err(), too_deep);
        assert_eq!(chain(50_000, reversed).unwrap_err(), too_deep);
    }
}

#[test]
fn a_call_in_a_call_is_no_depth() {
    let mut definitions = Definitions::new();
    definitions
        .add("definitions", "f(x) = x + 1\na0 = x")
        .unwrap();
    let lines: Vec<String> = (1..=10_000)
        .map(|i| format!("a{i} = f(a{})", i - 1))
        .collect();
    definitions.add("more", &lines.join("\n")).unwrap();
    let formula = definitions.formula("expression", "a10000").unwrap();
    assert_eq!(formula.nodes().len(), 10_001);
}
