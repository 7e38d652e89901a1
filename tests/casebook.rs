//! The casebook: every claim has the verdict that is expected of it.

use ulpscope::language::{Definitions, Markdown};
use ulpscope::study::{Point, VerifyOptions, verify};

#[test]
fn every_claim_has_the_verdict_that_is_expected() {
    let text = include_str!("../reports/casebook.md");
    let text = Markdown::read(text).definitions(text);
    let mut definitions = Definitions::new();
    let claims = definitions.add_document("casebook.md", &text).unwrap();
    let options = VerifyOptions::default();
    let result = verify(&mut definitions, &claims, &Point::default(), &options).unwrap();
    println!("{:?}", result.counts);
    let unexpected: Vec<String> = result
        .claims
        .iter()
        .filter(|claim| !claim.as_expected)
        .map(|claim| {
            format!(
                "line {}: {}\n  {:?} {:?} {:?}",
                claim.line, claim.claim, claim.verdict, claim.reason, claim.witness
            )
        })
        .collect();
    assert!(unexpected.is_empty(), "{}", unexpected.join("\n"));
    // Where the first counterexample stands.
    for (title, place) in [
        ("from 2²⁴ to 16777300, every f32 stands still", "16777218"),
        (
            "f16 makes 0 of each of its numbers up to 6.1e-5",
            "1/16777216",
        ),
    ] {
        let claim = result
            .claims
            .iter()
            .find(|claim| claim.title.as_deref() == Some(title));
        let witness = claim.unwrap().witness.as_ref().unwrap();
        assert_eq!(witness.point[0].exact.as_deref(), Some(place));
        assert!(witness.first);
    }
    assert!(result.counts.refuted > 20 && result.counts.proved > 75);
}
