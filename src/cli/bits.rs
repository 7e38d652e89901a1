//! `ulpscope bits`.

use super::args::{BitsArguments, Common};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::{Session, formats};
use crate::language::Definitions;
use crate::report;
use crate::study::{Subject, bits, bits_of_encoding, parse_encoding};

/// Shows a number in several formats.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &BitsArguments,
) -> Result<Output, Failure> {
    let formats = formats(&arguments.formats)?;
    let mut session = Session::new(common, definitions)?;
    let result = match &arguments.encoding {
        Some(text) => parse_encoding(text)
            .and_then(|encoding| bits_of_encoding(&encoding, &formats))
            .map_err(|diagnostic| Failure::Usage {
                message: format!("--encoding: {}", diagnostic.message),
                help: diagnostic.help,
            })?,
        None => {
            let value = arguments.value.as_deref().unwrap_or_default();
            let (point, given) = session.point(&arguments.at)?;
            let subject = Subject::parse_exact(&mut session.definitions, value, &point);
            let subject = session.check(subject)?;
            session.check_used(&given, std::slice::from_ref(&subject))?;
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
