//! Cases are documents: what their comments may say, and what is wrong with others.

use ulpscope::formula::Diagnostic;
use ulpscope::language::Definitions;
use ulpscope::study::{Case, CaseResult, Options};

const DOCUMENT: &str = "\
<!-- ulpscope-case
summary: a sum that is not what it seems
question: Why is this not 0.3?
formula: s | 0.1 + 0.2
at: x=0.2
in: f32,f64
said: it is 0.3
-->

# A sum

```ulpscope
s = 0.1 + x
claim \"it is 0.3\": s == 0.3
claim \"f64 says so\" refuted: fl(s, f64) == fl(0.3, f64)
```
";

fn run(document: &str) -> Result<CaseResult, Diagnostic> {
    let case = Case::read("sum", "sum.md", document)?.expect("a case");
    let mut definitions = Definitions::new();
    let options = Options::default();
    let (point, claims) = case.load(&mut definitions, options.precision_limit)?;
    let asked = (&point, claims.as_slice());
    case.run(&mut definitions, asked, None, &options)
        .map(|(result, _)| result)
}

#[test]
fn the_built_in_cases_are_read_and_run() {
    let names: Vec<&str> = Case::names().collect();
    assert_eq!(names[0], "sigmoid-50");
    for name in names {
        let case = Case::find(name).unwrap();
        let mut definitions = Definitions::new();
        let options = Options::default();
        let (point, claims) = case
            .load(&mut definitions, options.precision_limit)
            .unwrap();
        let asked = (&point, claims.as_slice());
        let (result, _) = case.run(&mut definitions, asked, None, &options).unwrap();
        assert!(result.symptom, "{name}");
        assert_eq!(result.said.claims.len(), case.said.len(), "{name}");
        assert!(result.said.is_as_expected(), "{name}");
    }
}

#[test]
fn a_short_document_is_a_case() {
    let result = run(DOCUMENT).unwrap();
    assert_eq!(result.case, "sum");
    assert_eq!(result.question, "Why is this not 0.3?");
    assert_eq!(result.written, "0.1 + 0.2");
    assert_eq!(result.said.claims.len(), 1);
    assert!(result.threshold.is_none() && result.explanation.is_none());
    let rows = &result.comparison.formulas[0].rows;
    assert_eq!(rows.len(), 2);
    assert_eq!(
        rows[1].computed.as_ref().unwrap().decimal(),
        "0.30000000000000004"
    );
    let without = DOCUMENT.replace("ulpscope-case", "another-case");
    assert!(Case::read("sum", "sum.md", &without).unwrap().is_none());
}

#[test]
fn mistakes_are_told() {
    let table = [
        (
            "formula: s | 0.1 + 0.2\n",
            "",
            "the case has no line `formula:`",
        ),
        ("in: f32,f64\n", "", "the case has no line `in:`"),
        ("in: f32,f64", "in: f32,f65", "`f65` names no format"),
        (
            "question:",
            "Question:",
            "a case has no such line: Question: Why is this not 0.3?",
        ),
        (
            "at: x=0.2",
            "at: x=0.2\nat: x=0.3",
            "a case has one line `at:`",
        ),
        ("at: x=0.2\n", "", "`x` has no value"),
        (
            "said: it is 0.3",
            "said: it is 0.4",
            "the case has no claim “it is 0.4”",
        ),
        ("in: f32", "explain-in: f\nin: f32", "`f` names no format"),
        (
            "said:",
            "threshold: s == 1\nthreshold-over: x=0..1\nthreshold-edge: above\nsaid:",
            "threshold-edge is from or to, not `above`",
        ),
        ("s = 0.1 + x", "s = 0.1 +", "an operand is missing"),
        (
            "# A sum",
            "<!-- ulpscope-case\n-->",
            "a document is one case, and has one such comment",
        ),
    ];
    for (old, new, message) in table {
        assert!(DOCUMENT.contains(old), "{old}");
        let problem = run(&DOCUMENT.replacen(old, new, 1)).unwrap_err();
        assert!(problem.message.contains(message), "{new}: {problem}");
    }
}
