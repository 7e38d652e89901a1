//! Rounding contexts: what the properties `:precision` and `:round` say.

use super::reader::{ItemId, Items};
use crate::format::{Format, Rounding};
use crate::formula::{Context, Diagnostic, Sources};

/// Where an operation rounds to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Place {
    /// The precision, where it was said inside of the core.
    precision: Option<Precision>,
    rounding: Option<Rounding>,
    /// Whether it belongs to the exact value too, as the language's `fl` does.
    fl: bool,
    /// What a rounding without a precision goes with: the format that the core
    /// itself names.
    own: Option<Format>,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
enum Precision {
    Real,
    Format(Format),
}

/// The property by which ulpscope writes an `fl`.
pub const FL: &str = ":ulpscope";

/// The format of a core that names none.
pub const DEFAULT: Format = Format::F64;

impl Place {
    /// The place of a core's body: the arithmetic under study.
    pub fn body(own: Option<Format>) -> Place {
        Place {
            own,
            ..Place::default()
        }
    }

    /// The context of an operation.
    pub fn context(&self) -> Context {
        match (self.precision, self.rounding) {
            (None, None) => Context::Ambient,
            (Some(Precision::Real), _) => Context::Real,
            (precision, rounding) => {
                let format = match precision {
                    Some(Precision::Format(format)) => format,
                    _ => self.own.unwrap_or(DEFAULT),
                };
                let format = rounding.map_or(format, |rounding| format.with_rounding(rounding));
                match self.fl {
                    true => Context::Fixed(format),
                    false => Context::Program(format),
                }
            }
        }
    }

    /// The format that these properties name.
    pub fn format(&self) -> Option<Format> {
        match self.context() {
            Context::Program(format) => Some(format),
            _ => None,
        }
    }

    /// The same with what properties say.
    ///
    /// # Errors
    /// Where a precision or a rounding is not one, or none that is known here.
    pub fn with(
        mut self,
        properties: &[(ItemId, ItemId)],
        items: &Items,
        sources: &Sources,
    ) -> Result<Place, Diagnostic> {
        for &(key, value) in properties {
            match sources.text(items.span(key)) {
                ":precision" => {
                    self.precision = Some(precision(value, items, sources)?);
                    self.fl = false;
                }
                FL => self.fl = sources.text(items.span(value)) == "fl",
                ":round" => self.rounding = Some(rounding(value, items, sources)?),
                _ => {}
            }
        }
        Ok(self)
    }
}

fn precision(value: ItemId, items: &Items, sources: &Sources) -> Result<Precision, Diagnostic> {
    let span = items.span(value);
    let text = sources.text(span);
    let known = "known are binary16, binary32, binary64, binary80, binary128, binary256, \
                 bfloat16, (float e n) and real";
    if let Some(list) = items.list(value) {
        let words: Vec<&str> = list
            .iter()
            .map(|&id| sources.text(items.span(id)))
            .collect();
        let [first, exponent, bits] = words.as_slice() else {
            return Err(unknown(text).at(span).help(known));
        };
        if *first != "float" {
            return Err(unknown(text).at(span).help(known));
        }
        // (float e n): e bits for the exponent, n in all.
        let stored = match (exponent.parse::<u32>(), bits.parse::<u32>()) {
            (Ok(e), Ok(n)) if n > e.saturating_add(1) => Some((e, n - e - 1)),
            _ => None,
        };
        let Some((e, stored)) = stored else {
            let error = Diagnostic::new(format!("`{text}` is no format"));
            return Err(error
                .at(span)
                .help("(float e n) has e bits of exponent and n bits in all, as (float 8 32)"));
        };
        return match format!("e{e}m{stored}").parse::<Format>() {
            Ok(format) => Ok(Precision::Format(format)),
            Err(why) => Err(Diagnostic::new(why.message).at(span)),
        };
    }
    if text == "real" {
        return Ok(Precision::Real);
    }
    let name = match text {
        "binary80" => "f80",
        name => name,
    };
    let binary = name.starts_with("binary") || name.starts_with("bfloat") || name == "f80";
    match name.parse::<Format>() {
        Ok(format) if binary => Ok(Precision::Format(format)),
        _ => Err(unknown(text).at(span).help(known)),
    }
}

fn unknown(text: &str) -> Diagnostic {
    Diagnostic::new(format!("the precision `{text}` is not known"))
}

/// The names of roundings.
pub const ROUNDINGS: [(&str, Rounding); 5] = [
    ("nearestEven", Rounding::NearestEven),
    ("nearestAway", Rounding::NearestAway),
    ("toPositive", Rounding::Up),
    ("toNegative", Rounding::Down),
    ("toZero", Rounding::Zero),
];

fn rounding(value: ItemId, items: &Items, sources: &Sources) -> Result<Rounding, Diagnostic> {
    let span = items.span(value);
    let text = sources.text(span);
    let row = ROUNDINGS.iter().find(|(name, _)| *name == text);
    row.map(|&(_, rounding)| rounding).ok_or_else(|| {
        let names: Vec<&str> = ROUNDINGS.iter().map(|(name, _)| *name).collect();
        Diagnostic::new(format!("the rounding `{text}` is not known"))
            .at(span)
            .help(format!("known are {}", names.join(", ")))
    })
}
