//! `ulpscope formats`.

use super::args::{Common, FormatsArguments};
use super::failure::Failure;
use super::output::{self, Output, Status};
use super::session::formats_named;
use crate::report;
use crate::study::formats;

/// Lists formats.
pub fn run(common: &Common, arguments: &FormatsArguments) -> Result<Output, Failure> {
    output::check_exports(common)?;
    let result = formats(&formats_named(&arguments.names, "")?);
    Ok(Output {
        document: report::formats(&result),
        markdown: None,
        table: None,
        data: Box::new(result),
        status: Status::Fine,
    })
}
