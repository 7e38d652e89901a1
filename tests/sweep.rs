//! Sweeps: the figures of the built-in case against an independent computation,
//! exact grids, and the same bytes whatever the number of threads.

use std::process::Command;
use ulpscope::format::Format;
use ulpscope::language::Definitions;
use ulpscope::study::{
    Case, Grid, MAX_SWEEP_ROWS, Options, Point, Precisions, Range, Row, Silent, Subject, Sweep,
    compare, sweep,
};

fn formats(names: &str) -> Vec<Format> {
    let names = names.split(',').filter(|name| !name.is_empty());
    names.map(|name| name.parse().unwrap()).collect()
}

fn run(texts: &[&str], over: &str, names: &str, precisions: Option<&str>) -> Sweep {
    let mut definitions = Definitions::new();
    let options = Options::default();
    let ranges = Range::parse(&mut definitions, over, options.precision_limit).unwrap();
    let precisions = precisions.map(|text| Precisions::parse(text).unwrap());
    let grid = Grid::new(ranges, &formats(names), precisions.as_ref(), texts.len()).unwrap();
    let point = grid.extend(&Point::default(), &Point::default()).unwrap();
    let subject = |text: &&str| Subject::parse(&mut definitions, text, &point).unwrap();
    let subjects: Vec<Subject> = texts.iter().map(subject).collect();
    sweep(&subjects, &grid, &options, &Silent)
}

/// The gradient of the built-in case at these precisions.
fn gradient(precisions: &str) -> Vec<Row> {
    let mut definitions = Definitions::new();
    let options = Options::default();
    let case = Case::find("sigmoid-50").unwrap();
    let (point, _) = case
        .load(&mut definitions, options.precision_limit)
        .unwrap();
    let precisions = Precisions::parse(precisions).unwrap();
    let grid = Grid::new(Vec::new(), &[], Some(&precisions), 1).unwrap();
    let subject = Subject::parse(&mut definitions, "gradient", &point).unwrap();
    let mut result = sweep(&[subject], &grid, &options, &Silent);
    result.points.remove(0).formulas.remove(0).rows
}

#[test]
fn the_gradient_comes_out_of_zero_at_73_bits() {
    let rows = gradient("72,73,80,96,113");
    let figures = ["100 %", "9.8 %", "0.36 %", "4.2e-8", "2.6e-13"];
    for (row, figure) in rows.iter().zip(figures) {
        let error = row.relative_error.as_ref().unwrap();
        assert_eq!(error.percent_or_plain(), figure, "{}", row.arithmetic);
    }
    assert_eq!(rows[0].computed.as_ref().unwrap().decimal(), "0");
    assert_eq!(rows.len(), figures.len());
}

/// A row belongs to its arithmetic alone: neither the others nor their order
/// change more than the last bits of its bounds.
#[test]
fn rows_do_not_depend_on_their_neighbours() {
    let together = gradient("24..200:7");
    for row in &together {
        let alone = gradient(&row.precision.to_string()).remove(0);
        assert_eq!(row.computed, alone.computed);
        assert_eq!(row.rounded_once, alone.rounded_once);
        assert_eq!(row.verdict, alone.verdict);
        let pairs = [
            (&row.relative_error, &alone.relative_error),
            (&row.absolute_error, &alone.absolute_error),
            (&row.inputs_cost, &alone.inputs_cost),
        ];
        for (a, b) in pairs {
            let (a, b) = (a.as_ref().unwrap(), b.as_ref().unwrap());
            assert!(
                a.lower <= b.upper && b.lower <= a.upper,
                "{}",
                row.arithmetic
            );
            assert_eq!(a.decimal(3), b.decimal(3), "{}", row.arithmetic);
        }
    }
}

fn values(over: &str) -> Vec<String> {
    let ranges = Range::parse(&mut Definitions::new(), over, 1000).unwrap();
    let range = &ranges[0];
    let value = |index| range.value(index).to_string();
    (0..range.count()).map(value).collect()
}

#[test]
fn grids_are_exact() {
    let tenths = values("z=0..1:0.1");
    assert_eq!(tenths.len(), 11);
    assert_eq!([&tenths[3], &tenths[10]], ["3/10", "1"]);
    let decades = values("z=1e-12..1:x10");
    assert_eq!(decades.len(), 13);
    assert_eq!([&decades[0], &decades[12]], ["1/1000000000000", "1"]);

    assert_eq!(values("z=0..1:0.3"), ["0", "3/10", "3/5", "9/10"]);
    assert_eq!(values("z=5..0:-2"), ["5", "3", "1"]);
    assert_eq!(values("z=-1..1:1/2"), ["-1", "-1/2", "0", "1/2", "1"]);
    assert_eq!(values("z=8..1:x1/2"), ["8", "4", "2", "1"]);
    assert_eq!(values("z=-1..-9:x(3)"), ["-1", "-3", "-9"]);
    assert_eq!(values("z=-4..-1:x 0.5"), ["-4", "-2", "-1"]);
    assert_eq!(values("z=1..2:x1.5"), ["1", "3/2"]);
    assert_eq!(values("z=1..8:×2"), ["1", "2", "4", "8"]);
    assert_eq!(values("z=7..7:1"), ["7"]);
    assert_eq!(values("z=7..7:x2"), ["7"]);
    assert_eq!(
        values("z=0..2:1,5,1/3,10..20:10"),
        ["0", "1", "2", "5", "1/3", "10", "20"]
    );
    assert_eq!(values("z=max(1,2)..2^2:sqrt(1)"), ["2", "3", "4"]);
    assert_eq!(values("z=2^-2..1:2^-1"), ["1/4", "3/4"]);
    // Just below and just at the last value.
    assert_eq!(values("z=1..3^40-1:x3").len(), 40);
    assert_eq!(values("z=1..3^40:x3").len(), 41);
    assert_eq!(values("z=3^-40..1:x3").len(), 41);
    assert_eq!(values("z=1..1.001^100:x1.001").len(), 101);
}

/// Counting takes no time, however many there are.
#[test]
fn counts_are_not_enumerated() {
    let count = |over: &str| {
        let ranges = Range::parse(&mut Definitions::new(), over, 1000).unwrap();
        ranges[0].count()
    };
    assert_eq!(count("z=0..1e12:1"), 1_000_000_000_001);
    assert_eq!(count("z=0..1e30:1"), u64::MAX);
    assert_eq!(count("z=0..1e18:1,0..1e30:1"), u64::MAX);
    // Factors next to 1, and ratios next to 1.
    assert!(count("z=1..2:x(1+1e-12)") > 600_000_000_000);
    assert_eq!(count("z=1..2:x(1+2^-200)"), u64::MAX);
    assert_eq!(count("z=1..1+2^-100:x(1+2^-100)"), 2);
    assert_eq!(count("z=1..1+2^-100:x(1+2^-99)"), 1);
    assert_eq!(count("z=1..1+2^-90:x(1+2^-100)"), 1024);
    assert_eq!(count("z=1..1+2^-70:x(1+2^-120)"), 1_125_899_906_842_624);
    assert!(count("z=1..2:x(1+2^-49+2^-2000)") > 390_000_000_000_000);
}

#[test]
fn several_variables_meet_each_other() {
    let result = run(&["x*y"], "x=1..2:1, y=3,4,5", "f32", None);
    assert_eq!(result.variables, ["x", "y"]);
    let places: Vec<String> = result
        .points
        .iter()
        .map(|point| format!("{},{}", point.at[0].exact, point.at[1].exact))
        .collect();
    assert_eq!(places, ["1,3", "1,4", "1,5", "2,3", "2,4", "2,5"]);
    let products = result.points.iter().map(|point| {
        let row = &point.formulas[0].rows[0];
        row.computed.as_ref().unwrap().decimal()
    });
    assert_eq!(
        products.collect::<Vec<_>>(),
        ["3", "4", "5", "6", "8", "10"]
    );
}

#[test]
fn precisions_count_and_come_in_order() {
    let list = |text: &str| Precisions::parse(text).unwrap();
    assert_eq!(list("24..128:4").count(), 27);
    assert_eq!(list("2..16777216").count(), 16_777_215);
    let mixed: Vec<u32> = list("24, 30..36:3,11").iter().collect();
    assert_eq!(mixed, [24, 30, 33, 36, 11]);
    let result = run(&["1/x"], "x=3", "f16,f32", Some("8,9"));
    let names: Vec<&str> = result.points[0].formulas[0]
        .rows
        .iter()
        .map(|row| row.arithmetic.as_str())
        .collect();
    assert_eq!(names, ["f16", "f32", "mpfr:8", "mpfr:9"]);
}

/// A sweep is a comparison at each of its points, more than one batch of
/// arithmetics included.
#[test]
fn rows_are_those_of_a_comparison() {
    let texts = ["log(1 + x)/y", "sin(x) - y"];
    let names = "f16,bf16,f32,f64,f32/rz";
    let result = run(&texts, "x=-1..1:1/2, y=0,1/3,1e30", names, Some("2..160"));
    let precisions = (2..=160).map(|bits| format!("mpfr:{bits}"));
    let names: Vec<String> = names
        .split(',')
        .map(String::from)
        .chain(precisions)
        .collect();
    for point in &result.points {
        let mut definitions = Definitions::new();
        let at = format!("x={}, y={}", point.at[0].exact, point.at[1].exact);
        let at = Point::parse(&mut definitions, &at, 1000).unwrap();
        let subject = |text: &&str| Subject::parse(&mut definitions, text, &at).unwrap();
        let subjects: Vec<Subject> = texts.iter().map(subject).collect();
        let expected = compare(&subjects, &formats(&names.join(",")), &Options::default());
        let json = |formulas| serde_json::to_value(formulas).unwrap();
        assert_eq!(json(&point.formulas), json(&expected.formulas));
    }
    assert_eq!(result.points.len(), 15);
}

#[test]
fn too_many_rows_are_refused_at_once() {
    let mut definitions = Definitions::new();
    let ranges = Range::parse(&mut definitions, "z=0..1e12:1, w=1,2", 1000).unwrap();
    let precisions = Precisions::parse("2..101").unwrap();
    let error = Grid::new(ranges, &[Format::F32], Some(&precisions), 2).unwrap_err();
    assert_eq!(
        error.message,
        "this sweep has 404000000000404 rows: 2000000000002 points, 101 arithmetics, 2 formulas"
    );
    let ranges = Range::parse(&mut definitions, "z=1..100000:1", 1000).unwrap();
    assert_eq!(ranges[0].count(), MAX_SWEEP_ROWS);
    assert!(Grid::new(ranges, &[Format::F32], None, 1).is_ok());
}

fn output(arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_ulpscope"))
        .args(arguments)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert!(output.stderr.is_empty(), "{output:?}");
    output.stdout
}

#[test]
fn the_same_bytes_for_any_number_of_threads() {
    let sweeps: [&[&str]; 3] = [
        &[
            "gradient",
            "--case",
            "sigmoid-50",
            "--precision",
            "24..400:3",
        ],
        &[
            "sin(x)/x",
            "exp(x*y)",
            "--over",
            "x=-3..3:1/8,y=1/3,22/7",
            "--as",
            "csv",
        ],
        &[
            "log(x)",
            "--over",
            "x=-2..1e3:1/3",
            "--in",
            "f16,f128",
            "--as",
            "json",
        ],
    ];
    for arguments in sweeps {
        let run = |jobs: &str| {
            let all = [&["sweep"], arguments, &["--jobs", jobs]].concat();
            output(&all)
        };
        let one = run("1");
        assert!(!one.is_empty());
        for jobs in ["2", "7"] {
            assert!(run(jobs) == one, "{arguments:?} with --jobs {jobs}");
        }
    }
}
