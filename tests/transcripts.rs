//! What the program prints, for every example of the README and for every kind
//! of mistake: `tests/transcripts/*.md`. `TRYCMD=overwrite cargo test --test
//! transcripts` writes them anew; read the difference before you keep it.

#[test]
fn transcripts() {
    trycmd::TestCases::new()
        .case("README.md")
        .case("tests/transcripts/*.md");
}
