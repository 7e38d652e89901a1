//! `ulpscope bits`.

use super::args::{BitsArguments, Common, DEFAULT_FORMATS};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, formats};
use crate::format::Format;
use crate::formula::Diagnostic;
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, bits, bits_of_encoding, parse_encoding};

/// Shows a number in several formats.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &BitsArguments,
) -> Result<Output, Failure> {
    let defaults = formats(&DEFAULT_FORMATS.map(String::from))?;
    let named = match arguments.formats.is_empty() {
        true => None,
        false => Some(formats(&arguments.formats)?),
    };
    let mut session = Session::new(common, definitions)?;
    let result = match &arguments.encoding {
        Some(text) => {
            let wrong = |diagnostic: Diagnostic| Failure::Usage {
                message: format!("--encoding: {}", diagnostic.message),
                help: diagnostic.help,
            };
            let encoding = parse_encoding(text).map_err(wrong)?;
            let width = encoding.significant_bits();
            let is_wide = |format: &Format| format.width().is_some_and(|bits| bits >= width);
            let formats = named.unwrap_or_else(|| {
                let wide: Vec<Format> = defaults.iter().copied().filter(is_wide).collect();
                if wide.is_empty() { defaults } else { wide }
            });
            bits_of_encoding(&encoding, &formats).map_err(wrong)?
        }
        None => {
            let value = session.expression(arguments.value.as_ref())?;
            let (point, given) = session.point(&arguments.at)?;
            let subject = Subject::parse_exact(&mut session.definitions, &value, &point);
            let subject = session.check(subject)?;
            session.check_used(&given, std::slice::from_ref(&subject))?;
            let formats = named.unwrap_or(defaults);
            session.check(bits(&subject, &formats, common.precision_limit()))?
        }
    };
    let status = match result.is_certified() {
        true => Status::Fine,
        false => Status::NoValue,
    };
    Ok(Output {
        document: report::bits(&result),
        markdown: None,
        table: Some(report::bits_table(&result)),
        data: Box::new(result),
        status,
    })
}
