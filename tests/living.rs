//! Regions of markdown documents: what is one, what is written there, and that
//! nothing else changes.

mod documents;
mod random;

use documents::Document;
use random::SplitMix;
use ulpscope::formula::{Diagnostic, SourceId};
use ulpscope::language::Markdown;
use ulpscope::report::{Region, refresh};

const SOURCE: SourceId = SourceId(0);

fn regions(text: &str) -> Result<Vec<Region>, Diagnostic> {
    Region::all(text, &Markdown::read(text), SOURCE)
}

fn filled(text: &str, content: &str) -> String {
    let regions = regions(text).unwrap();
    refresh(text, &regions, &vec![Some(content.into()); regions.len()])
}

/// Whether the text's only region counts as written by hand.
fn is_edited(text: &str) -> bool {
    let regions = regions(text).unwrap();
    assert_eq!(regions.len(), 1, "{text}");
    regions[0].is_edited(text)
}

/// Lines that results are made of.
const CONTENT: &[&str] = &[
    "",
    "  ",
    "*ulpscope 0.1.0; precision limit 131072 bits*",
    "| a \\| b | verdict |\n|--------|---------|\n| σ(50)  | proved  |",
    "```text\n  a   b\n\n    c  \n```",
    "```text\n<!-- ulpscope eval '1' -->\n\tx\n```",
    "`<!-- ulpscope eval '1' -->`",
    "1 + 1 = 2, \\<b\\>",
    "    indented",
    "# a heading",
    "- a list\n\n  goes on",
    "> a quote",
    "<table>\n<tr><td>1</td></tr>\n</table>",
];

fn content(dice: &mut SplitMix) -> String {
    let lines = dice.next() % 5;
    let lines: Vec<&str> = (0..lines).map(|_| dice.pick(CONTENT)).collect();
    lines.join(dice.pick(&["\n\n", "\n\n\n"]))
}

/// A failure names its seed.
#[test]
fn nothing_changes_outside_of_regions() {
    for seed in 0..3000 {
        let dice = &mut SplitMix(seed);
        let document = Document::random(dice, &["eval '1'", "claims\t--block"], &["eval '3'"]);
        let mut text = document.written();
        for round in 0..3 {
            let shown = format!("seed {seed}, round {round}:\n{text}");
            let old = regions(&text).unwrap_or_else(|wrong| panic!("{wrong:?}\n{shown}"));
            let kinds: Vec<bool> = old.iter().map(|region| region.is_inline).collect();
            assert_eq!(kinds, document.is_inline, "{shown}");
            let contents: Vec<_> = old
                .iter()
                .map(|_| (!dice.next().is_multiple_of(4)).then(|| content(dice)))
                .collect();
            let new = refresh(&text, &old, &contents);
            let new_insides = document.insides(&new, &shown);
            let old_insides = document.insides(&text, &shown);
            for (index, content) in contents.iter().enumerate() {
                if content.is_none() {
                    assert_eq!(new_insides[index], old_insides[index], "{shown}");
                }
            }
            if new.contains("\r\n") {
                assert_eq!(new.replace("\r\n", "").find('\n'), None, "{shown}");
            }

            let again = regions(&new).unwrap_or_else(|wrong| panic!("{wrong:?}\n{shown}\n{new}"));
            assert_eq!(again.len(), old.len(), "{shown}\n{new}");
            for (region, content) in again.iter().zip(&contents) {
                assert!(!region.is_edited(&new), "{region:?}\n{shown}\n{new}");
                if let Some(content) = content {
                    assert!(
                        !region.is_stale(&new, content),
                        "{region:?}\n{shown}\n{new}"
                    );
                }
            }
            assert_eq!(refresh(&new, &again, &contents), new, "{shown}");
            text = new;
        }
    }
}

#[test]
fn what_is_no_region() {
    for text in [
        "",
        "```\n<!-- ulpscope eval '1' -->\n```",
        "~~~ulpscope\n<!-- ulpscope eval '1' -->\n~~~",
        "```ulpscope\n# <!-- ulpscope eval '1' -->\n",
        "    <!-- ulpscope eval '1' -->",
        "- a\n\n      <!-- /ulpscope -->",
        "`<!-- ulpscope eval '1' -->`",
        "`` ` <!-- /ulpscope --> ``",
        "<!-- say <!-- ulpscope eval '1' -->",
        "\\<!-- ulpscope eval '1' -->",
        "<!-- ulpscope-case\nformula: 1\n-->",
        "<!-- ulpscopes eval '1' -->",
        "<!--/ ulpscope -->",
        "<! -- ulpscope eval '1' -->",
        "<!-- ulpscope eval '1'",
    ] {
        assert!(regions(text).unwrap().is_empty(), "{text}");
    }
}

#[test]
fn names_directives_and_lines() {
    let text = "\u{feff}a <!--ulpscope eval '1' --><!--/ulpscope-->\r\n\r\n\
                > <!-- ulpscope\r\n>   two-2_σ:  eval\r\n> '1' -->\r\n> <!-- /ulpscope\t-->\r\n\r\n\
                <!-- ulpscope 'x:' y: --><br>\n\nb <!-- /ulpscope -->";
    assert!(regions(text).is_err(), "a directive that begins its line");
    let text = text.replace("<!-- ulpscope 'x:'", "c <!-- ulpscope 'x:'");
    let found = regions(&text).unwrap();
    let found: Vec<_> = found
        .iter()
        .map(|region| {
            let name = region.name.as_deref();
            (
                name,
                region.directive.as_str(),
                region.line,
                region.is_inline,
            )
        })
        .collect();
    assert_eq!(
        found,
        [
            (None, "eval '1'", 1, true),
            (Some("two-2_σ"), "eval\n'1'", 3, false),
            (None, "'x:' y:", 8, true),
        ]
    );
}

#[test]
fn a_mark_at_the_beginning_hides_no_block() {
    let text = "\u{feff}```ulpscope\nz = 50\n```\n";
    let markdown = Markdown::read(text);
    assert_eq!(markdown.definitions(text).trim(), "z = 50");
    let text = "\u{feff}<!-- ulpscope eval '1' -->\n<!-- /ulpscope -->";
    let new = filled(text, "1");
    let expected = "\u{feff}<!-- ulpscope eval '1' -->\n\n1\n\n<!-- /ulpscope 83dcefb7 -->";
    assert_eq!(new, expected);
    assert_eq!(filled(&new, "1"), expected);
}

const RESULT: &str = "*so*\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```text\n  x\n```";

/// A region with a result in it, in a list, in a quote, in both, and in none.
fn places() -> Vec<String> {
    let places = [
        ("", ""),
        ("- ", "  "),
        ("> ", "> "),
        ("2. > ", "   > "),
        (">", ">"),
    ];
    let region = |(first, next)| {
        let directive = "<!-- ulpscope claims -->\n";
        let text = format!("# a\n\n{first}{directive}{next}<!-- /ulpscope -->\n\nb\n");
        filled(&text, RESULT)
    };
    places.map(region).to_vec()
}

#[test]
fn what_was_written_by_hand_is_noticed() {
    for text in places() {
        assert!(!is_edited(&text), "{text}");
        let checksum = text.find("<!-- /ulpscope ").unwrap() + 15;
        let hand = [
            text.replace("| 1 | 2 |", "| 1 | 3 |"),
            text.replace("| 1 | 2 |", "| 1 |  2 |"),
            text.replace("| 1 | 2 |", "| 1 | 2 |\n  more"),
            text.replace("*so*", ""),
            text.replace("*so*", "*so* it is"),
            text.replace("  x", " x"),
            text.replace(&text[checksum..checksum + 8], "01234567"),
            text.replace(&text[checksum - 1..checksum + 8], ""),
        ];
        for edited in hand {
            assert_ne!(edited, text);
            assert!(is_edited(&edited), "{edited}");
            assert_eq!(filled(&edited, RESULT), text);
        }
    }
}

#[test]
fn white_space_that_tools_change_is_no_edit() {
    for text in places() {
        let end = text.find("-->\n").unwrap() + 3;
        let (before, behind) = text.split_at(end);
        let changed = [
            text.replace('\n', "\r\n"),
            text.replace('\n', "  \n"),
            format!("{before}\n\n{behind}"),
            text.lines()
                .map(|line| format!("{}\n", line.trim_end()))
                .collect(),
        ];
        for changed in changed {
            assert!(!is_edited(&changed), "{changed}");
            let right = filled(&changed, RESULT);
            assert_eq!(right.replace("\r\n", "\n").replace("  \n", "\n"), text);
            assert_eq!(filled(&right, RESULT), right);
        }
    }
}

#[test]
fn pieces_of_lines_are_one_line() {
    let text = "is <!-- ulpscope eval '1' --> <!-- /ulpscope -->, so";
    let new = filled(text, "  two \n\n words\n");
    let expected = "is <!-- ulpscope eval '1' -->two words<!-- /ulpscope b2ae1f4a -->, so";
    assert_eq!(new[..39], expected[..39]);
    assert!(new.ends_with(" -->, so") && !new.contains('\n'), "{new}");
    // An editor that breaks lines does no harm.
    let broken = new.replace("two words", "two\nwords\n");
    assert!(!is_edited(&broken));
    assert_eq!(filled(&broken, "two words"), new);
    assert!(is_edited(&new.replace("two", "three")));
}

#[test]
fn many_pieces_of_one_line() {
    let piece = |content: &str| format!("x <!-- ulpscope eval '1' -->{content} ");
    let text = piece("<!-- /ulpscope -->").repeat(4000);
    let new = piece("1<!-- /ulpscope 83dcefb7 -->").repeat(4000);
    assert_eq!(filled(&text, "1"), new);
    assert_eq!(filled(&new, "1"), new);
}

/// The message, the marked text and the help of what cannot be read.
#[test]
fn mistakes_with_markers() {
    let open = "<!-- ulpscope eval '1' -->";
    let close = "<!-- /ulpscope -->";
    let begins = "this directive begins its line, which goes on behind it";
    for (text, message, marked, help) in [
        (
            format!("a\n\n{open}\n"),
            "this region has no end marker",
            open,
            "end it with",
        ),
        (
            format!("{open}\n\na {open}{close}"),
            "this region has no end marker",
            open,
            "before the next directive, in line 3",
        ),
        (
            format!("{open}\n{close}\n{close}"),
            "an end marker without a directive before it",
            close,
            "the region of line 1 has its own",
        ),
        (
            format!("a\n{close}\n{open}\n"),
            "an end marker without a directive before it",
            close,
            "a region begins with",
        ),
        (
            format!("{open}\n<!-- /ulpscope 0123456 -->"),
            "this end marker holds more than a checksum",
            "<!-- /ulpscope 0123456 -->",
            "write <!-- /ulpscope -->",
        ),
        (
            format!("{open}\n<!-- /ulpscope +1234567 -->"),
            "this end marker holds more than a checksum",
            "<!-- /ulpscope +1234567 -->",
            "write <!-- /ulpscope -->",
        ),
        (
            format!("{open}\n<!-- /ulpscope 01234567 8 -->"),
            "this end marker holds more than a checksum",
            "<!-- /ulpscope 01234567 8 -->",
            "write <!-- /ulpscope -->",
        ),
        (
            format!("<!-- ulpscope -->\n{close}"),
            "a directive without a subcommand",
            "<!-- ulpscope -->",
            "is one with a subcommand",
        ),
        (
            format!("<!-- ulpscope a: -->\n{close}"),
            "a directive without a subcommand",
            "<!-- ulpscope a: -->",
            "is one with a subcommand",
        ),
        (
            format!("<!-- ulpscope a: x -->\n{close}\n\nb <!-- ulpscope a: y -->{close}"),
            "two regions are called `a`",
            "<!-- ulpscope a: y -->",
            "the first one is in line 1",
        ),
        (
            format!("{open}{close}"),
            begins,
            open,
            "put a word before it",
        ),
        (
            format!("> - {open} a {close}"),
            begins,
            open,
            "put a word before it",
        ),
        (
            format!("a {open}\n{close}"),
            "this end marker has a line of its own, its directive has not",
            close,
            "give both markers lines of their own",
        ),
        (
            format!("{open}\n\n1 {close}"),
            "this end marker has no line of its own, its directive has",
            close,
            "give both markers lines of their own",
        ),
        (
            format!("{open}\n{close} b"),
            "this end marker has no line of its own, its directive has",
            close,
            "give both markers lines of their own",
        ),
    ] {
        let wrong = regions(&text).unwrap_err();
        let place = wrong.span.unwrap();
        assert_eq!(wrong.message, message, "{text}");
        assert_eq!(
            &text[place.start as usize..place.end as usize],
            marked,
            "{text}"
        );
        assert!(wrong.help.unwrap().contains(help), "{text}");
    }
}

/// Bytes that mean something, in any order: an answer, or a message.
#[test]
fn every_text_is_read() {
    let pieces = [
        "<!-- ulpscope eval '1' -->\n",
        "\n<!-- /ulpscope -->\n",
        "<!--",
        "-->",
        "<!-- ulpscope",
        " eval '1'",
        "<!-- /ulpscope",
        " -->",
        "\n",
        "\r\n",
        "\r",
        "```",
        "```ulpscope",
        "~~~",
        "`",
        "> ",
        "- ",
        "1. ",
        "    ",
        "\t",
        "a",
        "σ",
        "\u{feff}",
        "<details>",
        "<",
        "x:",
        "\0",
        "\u{2028}",
    ];
    let mut read = 0;
    for seed in 0..30_000 {
        let dice = &mut SplitMix(seed);
        let text: String = (0..dice.next() % 30).map(|_| dice.pick(&pieces)).collect();
        let markdown = Markdown::read(&text);
        assert_eq!(markdown.definitions(&text).len(), text.len(), "seed {seed}");
        if let Ok(found) = Region::all(&text, &markdown, SOURCE) {
            read += found.len();
            let contents = vec![Some("1\n\n2".to_string()); found.len()];
            refresh(&text, &found, &contents);
        }
    }
    assert!(read > 200, "{read}");
}
