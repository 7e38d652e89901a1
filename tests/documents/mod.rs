//! Random markdown documents with regions in every place where one may stand.

use crate::random::SplitMix;

/// A document as pieces of text around regions.
pub struct Document {
    /// The text before each region, its directive included; then the rest.
    pub outside: Vec<String>,
    /// Whether each region is a piece of a line.
    pub is_inline: Vec<bool>,
    /// What stands between each directive and the next piece.
    empty: Vec<String>,
}

/// Text without regions. What looks like one is code, or in another comment.
const PIECES: &[&str] = &[
    "",
    "Plain words, with σ and ∂C/∂w.  ",
    "# A heading",
    "A heading\n=========",
    "two\tcolumns\t\nof *one* paragraph \t ",
    "| a | b |\n|---|--:|\n| 1 | 2 |",
    "```text\n<!-- ulpscope eval '1' -->\n<!-- /ulpscope -->\n```",
    "~~~\n<!-- ulpscope eval '1' -->\n```\n<!-- /ulpscope -->\n~~~",
    "````ulpscope-like\n```\n<!-- ulpscope -->\n````",
    "```ulpscope\n# <!-- ulpscope eval '1' -->\n```",
    "~~~~ ulpscope\n\n# <!-- /ulpscope -->\n~~~~",
    "words\n\n    <!-- ulpscope eval '1' -->\n    <!-- /ulpscope -->",
    "words\n\n\t<!-- ulpscope -->",
    "Write `<!-- ulpscope eval '1' -->` and ``<!-- /ulpscope --> ` ``.",
    "<!-- note: <!-- ulpscope eval '1' -->",
    "<!-- many\n<!-- ulpscope eval '1' -->",
    "in a line <!-- a note on /ulpscope --> and <!-- <!-- ulpscope --> more",
    "<!--> <!---> <!-- -->",
    "\\<!-- ulpscope eval '1' -->",
    "<div class=\"a\">\n\n*x*\n\n</div>",
    "- one\n- two\n\n  more\n\n      <!-- /ulpscope -->",
    "> said\n> > twice\nlazily",
    "> ```\n> <!-- ulpscope eval '1' -->\n> ```",
    "1. ```ulpscope\n   # <!-- ulpscope eval '1' -->\n   ```",
    "***",
    "[a]: https://example.org/<!--ulpscope",
];

/// Where a block may stand: what is before its first line and before the others.
const PLACES: &[(&str, &str)] = &[
    ("", ""),
    ("", ""),
    ("  ", "  "),
    ("- ", "  "),
    ("*   ", "    "),
    ("+\t", " \t"),
    ("- words\n\n  ", "  "),
    ("10. ", "    "),
    ("3) ", "   "),
    ("> ", "> "),
    (">", ">"),
    ("> > ", "> > "),
    ("> words\n> ", "> "),
    ("- > ", "  > "),
    ("> 1. ", ">    "),
    (">- ", ">  "),
    ("- one\n  - two\n\n    - ", "      "),
    ("words\n", ""),
    ("<details>\n<summary>more</summary>\n", ""),
    ("<details>\n\n", ""),
];

/// Where a piece of a line may stand.
const LINES: &[(&str, &str)] = &[
    ("It is ", ", surely."),
    ("# About ", " "),
    ("- so ", ""),
    ("> so ", " is\n> it"),
    ("| a |\n|---|\n| ", " |"),
    ("**", "** is strong"),
    ("two\n\tlines ", "\nand a third"),
    ("`code` ", " `more`"),
    ("1. [a ", "](b)"),
    ("<b>", "</b>"),
];

impl Document {
    /// Some pieces and regions, each region with one of these directives.
    pub fn random(dice: &mut SplitMix, blocks: &[&str], inline: &[&str]) -> Document {
        let mut document = Document {
            outside: vec![String::new()],
            is_inline: Vec::new(),
            empty: Vec::new(),
        };
        if dice.next().is_multiple_of(8) {
            document.text("\u{feff}");
        }
        for _ in 0..dice.next() % 12 {
            match dice.next() % 3 {
                0 => document.text(dice.pick(PIECES)),
                1 => {
                    let place = PLACES[(dice.next() % PLACES.len() as u64) as usize];
                    document.text(place.0);
                    let empty = format!("\n{}", place.1);
                    document.region(dice.pick(blocks), empty, false);
                    // Whatever follows an end marker begins anew, but within HTML.
                    if !place.0.starts_with("<details>") && dice.next().is_multiple_of(2) {
                        document.text("\n");
                        continue;
                    }
                }
                _ => {
                    let line = LINES[(dice.next() % LINES.len() as u64) as usize];
                    document.text(line.0);
                    document.region(dice.pick(inline), String::new(), true);
                    document.text(line.1);
                }
            }
            document.text("\n\n");
        }
        match dice.next() % 4 {
            0 => document.text("```\nnever closed <!-- ulpscope -->"),
            1 => document.text("the end"),
            2 => document.text("the end\n"),
            _ => {
                let last = document.outside.last_mut().expect("there is one");
                last.truncate(last.trim_end_matches('\n').len());
            }
        }
        if dice.next().is_multiple_of(3) {
            let texts = document.outside.iter_mut().chain(&mut document.empty);
            texts.for_each(|text| *text = text.replace('\n', "\r\n"));
        }
        document
    }

    fn text(&mut self, text: &str) {
        self.outside
            .last_mut()
            .expect("there is one")
            .push_str(text);
    }

    fn region(&mut self, directive: &str, empty: String, is_inline: bool) {
        self.text(&format!("<!-- ulpscope {directive} -->"));
        self.empty.push(format!("{empty}<!-- /ulpscope -->"));
        self.is_inline.push(is_inline);
        self.outside.push(String::new());
    }

    /// The whole text, nothing in its regions.
    pub fn written(&self) -> String {
        let mut text = String::new();
        for (outside, empty) in self.outside.iter().zip(&self.empty) {
            text.push_str(outside);
            text.push_str(empty);
        }
        text.push_str(self.outside.last().expect("there is one"));
        text
    }

    /// What stands in the regions of this text, end markers included. Fails
    /// where anything outside of them is another than the document's.
    pub fn insides<'a>(&self, text: &'a str, shown: &str) -> Vec<&'a str> {
        let mut insides = Vec::new();
        let mut rest = text;
        for (index, outside) in self.outside.iter().enumerate() {
            let Some(behind) = rest.strip_prefix(outside.as_str()) else {
                panic!("text was changed\n{outside:?}\n{rest:?}\n{shown}");
            };
            rest = behind;
            if index < self.empty.len() {
                let marker = rest.find("<!-- /ulpscope").expect("an end marker");
                let end = marker + rest[marker..].find("-->").expect("its end") + 3;
                insides.push(&rest[..end]);
                rest = &rest[end..];
            }
        }
        assert_eq!(rest, "", "text was added\n{shown}");
        insides
    }
}
