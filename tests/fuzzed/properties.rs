//! What holds for every text that the program reads: it is refused, or gives a
//! result, in bounded time and memory. Each function takes one text.

#![allow(dead_code, reason = "a fuzz target is about one of them")]

use std::io::Cursor;
use std::sync::OnceLock;
use ulpscope::cli::Table;
use ulpscope::format::Format;
use ulpscope::formula::{Context, Formula, SourceId, Text};
use ulpscope::language::{CoreHead, Definitions, Markdown, Rows, write_fpcore};
use ulpscope::report::{Region, refresh};
use ulpscope::study::{
    Options, Point, PointMachines, Points, Subject, VerifyOptions, compare, eval, verify,
};

/// Bits of working precision at most.
const LIMIT: u32 = 256;

/// The variables that have values.
const VARIABLES: &str = "x=1/3, y=-2, z=50, w=1e-8";

/// The prelude, read once.
fn prelude() -> Definitions {
    static PRELUDE: OnceLock<Definitions> = OnceLock::new();
    PRELUDE.get_or_init(Definitions::new).clone()
}

fn point(definitions: &mut Definitions) -> Point {
    Point::parse(definitions, VARIABLES, LIMIT).expect("values")
}

fn options() -> Options {
    Options {
        precision_limit: LIMIT,
        digits: 10,
        ..Options::default()
    }
}

/// An expression: its exact value, what three arithmetics make of it, and that
/// it reads back as it is written.
pub fn expression(text: &str) {
    let mut definitions = prelude();
    let point = point(&mut definitions);
    if let Ok(exact) = Subject::parse_exact(&mut definitions, text, &point) {
        let _ = eval(&exact, 10, LIMIT);
    }
    if let Ok(subject) = Subject::parse(&mut definitions, text, &point) {
        let formats = ["f64", "f16@f32", "mpfr:20"];
        let formats = formats.map(|name| name.parse::<Format>().expect("a format"));
        let _ = compare(&[subject], &formats, &options());
    }
    for context in [Context::Ambient, Context::Real] {
        let tree = definitions.expression("expression", text);
        let Ok(tree) = tree else { return };
        if let Ok(formula) = definitions.resolve(&tree, context, Rows::None)
            && formula.inline(context).is_ok()
            && let Ok(written) = formula.write()
        {
            let again = read(&definitions, &written, context);
            let [a, b] = [&formula, &again].map(|formula| formula.inline(context).expect("it was"));
            assert!(a.is_same(&b).unwrap_or(true), "{text:?}: {written:?}");
        }
    }
}

/// Reads what was written.
fn read(definitions: &Definitions, written: &Text, context: Context) -> Formula {
    let mut known = definitions.clone();
    let parts = written.parts.iter();
    let parts: String = parts
        .map(|(name, part)| format!("{name} = {part}\n"))
        .collect();
    known.add("parts", &parts).expect("what was written");
    let tree = known.expression("written", &written.expression);
    let tree = tree.expect("what was written");
    known
        .resolve(&tree, context, Rows::None)
        .expect("what was written")
}

/// A text of definitions and claims, which are decided on a small budget.
pub fn claim(text: &str) {
    let mut definitions = prelude();
    let point = point(&mut definitions);
    let Ok(claims) = definitions.add_document("claims", text) else {
        return;
    };
    let options = VerifyOptions {
        precision_limit: LIMIT,
        boxes: Some(64),
        points: 16,
        ..VerifyOptions::default()
    };
    let _ = verify(&mut definitions, &claims, &point, &options);
}

/// A text of cores: each is a formula that is certified and computed, and that is
/// the same when it is written as FPCore and read again; or it is refused.
pub fn fpcore(text: &str) {
    /// Calls may make a formula of millions of nodes from a short text.
    const NODES: usize = 20_000;
    let mut definitions = prelude();
    let Ok(cores) = definitions.add_fpcore("cores", text) else {
        return;
    };
    for core in cores.iter().filter(|core| core.refused.is_none()).take(4) {
        let point = Points::point(&Point::default(), &core.arguments);
        let call = core.call(&core.name);
        let exact = Subject::parse_exact(&mut definitions, &call, &point);
        let exact = exact.expect("a call of a core");
        let formula = definitions.formula("call", &call).expect("the same");
        let Ok(formula) = formula.inline(Context::Ambient) else {
            continue;
        };
        if formula.nodes().len() > NODES {
            continue;
        }
        let _ = eval(&exact, 10, LIMIT);
        if let Ok(subject) = Subject::parse(&mut definitions, &call, &point) {
            let formats = ["f64", "f16/rz"].map(|name| name.parse::<Format>().expect("a format"));
            let _ = compare(&[subject], &formats, &options());
        }
        let names = core.arguments.iter().cloned();
        let head = CoreHead {
            arguments: names.zip(core.argument_texts.iter().cloned()).collect(),
            ..CoreHead::default()
        };
        let Ok(written) = write_fpcore(&formula, &head) else {
            continue;
        };
        let mut fresh = prelude();
        let read = fresh.add_fpcore("written", &written);
        let read = read.unwrap_or_else(|wrong| panic!("{wrong} in {written}"));
        assert!(
            read[0].refused.is_none(),
            "{:?}: {written}",
            read[0].refused
        );
        let call = format!("{}({})", read[0].name, core.arguments.join(", "));
        let again = fresh.formula("call", &call).expect("a call of a core");
        let again = again.inline(Context::Ambient).expect("as before");
        assert!(again.is_same(&formula).unwrap_or(true), "{text}\n{written}");
    }
}

/// A document: its regions are found again after they are written, and what
/// stands outside of them stays.
pub fn report(text: &str) {
    let find = |text: &str| Region::all(text, &Markdown::read(text), SourceId(0));
    let definitions = Markdown::read(text).definitions(text);
    assert_eq!(definitions.len(), text.len());
    let Ok(regions) = find(text) else {
        return;
    };
    for content in ["", "one line", "| a | b |\n|---|---|\n| 1 | 2 |\n\n- text"] {
        let contents = vec![Some(content.to_string()); regions.len()];
        let new = refresh(text, &regions, &contents);
        let again = find(&new).unwrap_or_else(|wrong| panic!("{wrong:?} in {new:?}"));
        assert_eq!(again.len(), regions.len(), "{new:?}");
        for (region, old) in again.iter().zip(&regions) {
            assert!(!region.is_edited(&new), "{region:?} in {new:?}");
            assert!(!region.is_stale(&new, content), "{region:?} in {new:?}");
            assert_eq!(region.directive, old.directive, "{new:?}");
        }
        assert_eq!(refresh(&new, &again, &contents), new);
    }
    let kept = refresh(text, &regions, &vec![None; regions.len()]);
    assert_eq!(kept, text);
}

/// A table of points, and a formula of its columns at each.
pub fn points(table: &[u8]) {
    let reader = Box::new(Cursor::new(table.to_vec()));
    let Ok(mut table) = Table::new("points".to_string(), reader) else {
        return;
    };
    let Ok(variables) = table.header() else {
        return;
    };
    let mut definitions = prelude();
    let place = Points::point(&Point::default(), &variables);
    let formula = "exp(x) - y^3/x";
    let subject = Subject::parse(&mut definitions, formula, &place);
    let points = subject.ok().map(|subject| {
        let formats = ["f64", "f16"].map(|name| name.parse::<Format>().expect("a format"));
        Points::new(vec![subject], formats.to_vec(), &variables, &options()).expect("a small graph")
    });
    loop {
        let batch = table.batch(64, 1 << 16).expect("bytes in memory");
        if batch.is_empty() {
            return;
        }
        let rows = batch.lines().filter_map(|(number, line)| {
            assert!(number > 1);
            Table::values(line, &variables).ok()
        });
        let rows: Vec<_> = rows.map(|(values, _)| values).collect();
        assert!(rows.iter().all(|values| values.len() == variables.len()));
        if let Some(points) = &points {
            let mut seen = 0;
            PointMachines::new(points).evaluate(&rows, |_, _, _, _| seen += 1);
            assert_eq!(seen, 2 * rows.len());
        }
    }
}
