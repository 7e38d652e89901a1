//! Numbers inside text, as LaTeX's mathematics.

/// Numbers joined by signs, such as `1 − 1.93e-22`.
pub struct Sum {
    /// How many bytes of the text they take.
    pub len: usize,
    /// What stands between dollar signs for them; none where text does as well.
    pub math: Option<String>,
}

/// The numbers that `rest` begins with, `before` being the text before it. None
/// in an identifier (`e4m3`, `1e5x`), and none beside a sign that binds more
/// strongly than the × of a power of ten would (`x/1e8`).
pub fn sum(before: &str, rest: &str) -> Option<Sum> {
    if !may_begin(before) {
        return None;
    }
    let (sign, unsigned) = split_sign(rest);
    let first = Number::read(unsigned)?;
    let mut needed = sign == "-" || first.needs_math();
    let mut math = format!("{sign}{}", first.math());
    let mut tail = first.rest;
    while let Some((sign, next)) = joined(tail) {
        needed |= sign != " + " || next.needs_math();
        math.push_str(sign);
        math.push_str(&next.math());
        tail = next.rest;
    }
    Some(Sum {
        len: rest.len() - tail.len(),
        math: needed.then_some(math),
    })
}

/// What may join numbers, and how mathematics writes it.
const SIGNS: [(&str, &str); 4] = [
    (" + ", " + "),
    (" - ", " - "),
    (" − ", " - "),
    (" ± ", " \\pm "),
];

/// Signs that bind more strongly than those.
const BINDING: [char; 10] = ['*', '/', '^', '·', '×', '÷', '⋅', '∗', '∕', '√'];

/// A sign, as mathematics writes it, and the number behind it.
fn joined(text: &str) -> Option<(&'static str, Number<'_>)> {
    let next = |&(sign, written): &(&str, &'static str)| {
        let number = Number::read(text.strip_prefix(sign)?)?;
        Some((written, number))
    };
    SIGNS.iter().find_map(next)
}

/// Whether a number may follow this text.
fn may_begin(before: &str) -> bool {
    let touches = before.ends_with(|c: char| c.is_alphanumeric() || "_-−+…".contains(c));
    let inside = before.ends_with('.') && !before.ends_with("..");
    !touches && !inside && !before.trim_end().ends_with(BINDING)
}

/// Whether a number may end before this text.
fn may_end(after: &str) -> bool {
    let mut next = after.chars();
    let touches = match next.next() {
        Some('.') => next.next().is_some_and(|c| c.is_ascii_digit()),
        Some(c) => c.is_alphanumeric() || "_-('′".contains(c),
        None => false,
    };
    !touches && !after.trim_start().starts_with(BINDING)
}

/// A minus or plus, and what follows it.
fn split_sign(text: &str) -> (&'static str, &str) {
    match text.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest),
        None => match text.strip_prefix('+') {
            Some(rest) => ("+", rest),
            None => ("", text),
        },
    }
}

/// Some digits, and what follows them.
fn split_digits(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit());
    let end = end.unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// A decimal without a sign, in its parts.
struct Number<'a> {
    digits: &'a str,
    /// Whether an ellipsis stands for more digits.
    cut: bool,
    /// The sign and the digits of the exponent.
    exponent: Option<(&'static str, &'a str)>,
    /// What follows it.
    rest: &'a str,
}

impl<'a> Number<'a> {
    /// The number at the start of a text, such as `2.41…e-20`.
    fn read(text: &'a str) -> Option<Self> {
        let (_, mut rest) = split_digits(text)?;
        if let Some((_, behind)) = rest.strip_prefix('.').and_then(split_digits) {
            rest = behind;
        }
        let digits = &text[..text.len() - rest.len()];
        let cut = rest.starts_with('…');
        rest = rest.strip_prefix('…').unwrap_or(rest);
        let mut exponent = None;
        if let Some((sign, power)) = rest.strip_prefix(['e', 'E']).map(split_sign)
            && let Some((power, behind)) = split_digits(power)
        {
            exponent = Some((sign, power));
            rest = behind;
        }
        may_end(rest).then_some(Number {
            digits,
            cut,
            exponent,
            rest,
        })
    }

    /// Whether text would show it worse.
    fn needs_math(&self) -> bool {
        self.cut || self.exponent.is_some()
    }

    fn math(&self) -> String {
        let cut = if self.cut { "\\ldots" } else { "" };
        let power = match self.exponent {
            Some((sign, power)) => {
                format!("\\times10^{{{}{power}}}", sign.trim_start_matches('+'))
            }
            None => String::new(),
        };
        format!("{}{cut}{power}", self.digits)
    }
}
