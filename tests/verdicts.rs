//! Claims about every number of a small format in a range: what is proved and
//! refuted, against every single number on its own.

#[path = "verdicts/formulas.rs"]
mod formulas;
#[path = "verdicts/generate.rs"]
mod generate;
#[path = "verdicts/predicate.rs"]
mod predicate;
mod random;

use generate::{Case, Generator};
use predicate::Machines;
use rayon::prelude::*;
use rug::Float;
use ulpscope::format::hexadecimal;
use ulpscope::language::{ClaimVerdict, Definitions};
use ulpscope::study::{Point, Verified, VerifyOptions, verify};

const CLAIMS: usize = 200;

/// The seed, or another one from ULPSCOPE_SEED.
const SEED: u64 = 20_260_611;

/// A claim's verdict, and the first number where it does not hold.
fn by_hand(machines: &Machines, case: &Case) -> (ClaimVerdict, Option<Float>, bool) {
    let numbers = case.numbers();
    let answers = numbers
        .par_iter()
        .map(|x| case.predicate.at(machines, x))
        .collect::<Vec<_>>();
    let first = |wanted: Option<bool>| answers.iter().position(|answer| *answer == wanted);
    match (first(Some(false)), first(None)) {
        (Some(index), undefined) => {
            let first = undefined.is_none_or(|undefined| undefined > index);
            (ClaimVerdict::Refuted, Some(numbers[index].clone()), first)
        }
        (None, Some(index)) => (ClaimVerdict::Undefined, Some(numbers[index].clone()), false),
        (None, None) => (ClaimVerdict::Proved, None, false),
    }
}

/// The number that a verdict is shown with, and whether the claim is said to hold
/// at all numbers before it.
fn witness(verified: &Verified) -> (Option<String>, bool) {
    match &verified.witness {
        Some(witness) => (witness.point[0].hex.clone(), witness.first),
        None => (None, false),
    }
}

#[test]
fn verdicts_agree_with_every_single_number() {
    let seed = std::env::var("ULPSCOPE_SEED");
    let seed = seed.map_or(SEED, |text| text.parse().expect("a number"));
    println!("seed {seed}");
    let machines = Machines::new();
    let mut generator = Generator {
        random: random::SplitMix(seed),
        machines: &machines,
    };
    let cases: Vec<Case> = (0..CLAIMS).map(|_| generator.case()).collect();

    let mut definitions = Definitions::new();
    let document: String = cases
        .iter()
        .map(|case| format!("claim: {}\n", case.text()))
        .collect();
    let claims = definitions.add_document("generated", &document).unwrap();
    let point = Point::default();
    let options = VerifyOptions::default();
    let verification = verify(&mut definitions, &claims, &point, &options).unwrap();
    assert_eq!(verification.claims.len(), CLAIMS);

    let (mut counts, mut numbers, mut wrong) = ([0; 4], 0, Vec::new());
    for (case, verified) in cases.iter().zip(&verification.claims) {
        let (verdict, place, first) = by_hand(&machines, case);
        counts[verified.verdict as usize] += 1;
        numbers += case.numbers().len();
        if verified.verdict == ClaimVerdict::Undecided {
            println!("undecided: {}", case.text());
            assert!(verified.reason.is_some(), "an undecided claim says why");
            continue;
        }
        // Both zeros are written alike here.
        let place = place.map(|x| hexadecimal(&x).replace("-0x0p", "0x0p"));
        let (shown, said_first) = witness(verified);
        let shown = shown.map(|text| text.replace("-0x0p", "0x0p"));
        let refuted = verdict == ClaimVerdict::Refuted;
        if verified.verdict != verdict || (refuted && (&shown, said_first) != (&place, first)) {
            wrong.push(format!(
                "{}\n  {:?} {shown:?}, not {verdict:?} {place:?}",
                case.text(),
                verified.verdict
            ));
        }
    }
    println!(
        "{CLAIMS} claims about {numbers} numbers: proved, refuted, undecided, undefined {counts:?}"
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(counts[0] > CLAIMS / 5 && counts[1] > CLAIMS / 5);
    assert!(counts[2] * 20 <= CLAIMS, "more than 5 % are undecided");
}
