//! What a region of a report asks for.

use super::args::{
    ClaimsArguments, Common, CompareArguments, Directive, EvalArguments, Form, RegionCommand,
    protect_expressions,
};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use super::{bits, compare, derive, eval, explain, formats, scan, sweep, threshold};
use crate::language::{Claim, CodeBlock, Definitions, Markdown, nearest};
use crate::report::{self, Region, Style};
use crate::study::Verification;
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};

/// What regions ask about: a document's definitions and claims.
pub struct Asked<'a> {
    /// The report's own options.
    pub common: &'a Common,
    /// The document's code blocks.
    pub markdown: &'a Markdown,
    /// Its definitions.
    pub definitions: &'a Definitions,
    /// Its claims.
    pub claims: &'a [Claim],
    /// Their verdicts, in the same order.
    pub verification: &'a Verification,
}

impl Asked<'_> {
    /// What one region asks for.
    pub fn result(&self, region: &Region) -> Result<(String, Status), Failure> {
        let Some(words) = shlex::split(&region.directive) else {
            return Err(Failure::with_help(
                "a quote is not closed in this directive",
                "arguments with spaces stand in '…' or \"…\"",
            ));
        };
        let first = words.first().cloned().unwrap_or_default();
        let words = std::iter::once("ulpscope".into())
            .chain(words.into_iter().map(std::ffi::OsString::from));
        // Titles are no expressions: -s is an option there.
        let words = match first.as_str() {
            "claims" => words.collect(),
            _ => protect_expressions(words),
        };
        let Directive {
            command,
            mut common,
        } = Directive::try_parse_from(words).map_err(|error| wrong_words(error, &first))?;
        if let Some(option) = common.unfit_for_region() {
            return Err(Failure::with_help(
                format!("a region does not take {option}"),
                "its result stands in the document, the same on every machine; \
                 definitions stand in code blocks marked ulpscope",
            ));
        }
        if let RegionCommand::Claims(_) = &command
            && let Some(option) = common.unfit_for_claims()
        {
            return Err(Failure::with_help(
                format!("claims does not take {option}"),
                "a claim has one verdict in all of the document",
            ));
        }
        common.limit = common.limit.or(self.common.limit);
        if region.is_inline {
            let fits = matches!(&command, RegionCommand::Eval(_))
                || matches!(&command, RegionCommand::Claims(claims) if claims.summary);
            if !fits || common.form.is_some() {
                return Err(Failure::with_help(
                    "this result needs lines of its own",
                    "within a line stand eval and claims --summary, without --as; \
                     give both markers lines of their own",
                ));
            }
        }
        let definitions = self.definitions.clone();
        if let RegionCommand::Compare(CompareArguments { at, .. })
        | RegionCommand::Eval(EvalArguments { at, .. }) = &command
        {
            // Here they take points alone.
            Session::new(&common, definitions.clone())?.point(at)?;
        }
        let output = match &command {
            RegionCommand::Compare(arguments) if arguments.points.is_some() => {
                Err(Failure::with_help(
                    "a region of a report does not read points",
                    "sweep over them: ulpscope sweep 'f(z)' --over z=1,2,5",
                ))
            }
            RegionCommand::Compare(arguments) => compare::run(&common, definitions, arguments),
            RegionCommand::Sweep(arguments) => sweep::run(&common, definitions, arguments),
            RegionCommand::Scan(arguments) => scan::run(&common, definitions, arguments),
            RegionCommand::Threshold(arguments) => threshold::run(&common, definitions, arguments),
            RegionCommand::Explain(arguments) => explain::run(&common, definitions, arguments),
            RegionCommand::Derive(arguments) => derive::run(&common, definitions, arguments),
            RegionCommand::Eval(arguments) => eval::run(&common, definitions, arguments),
            RegionCommand::Bits(arguments) => bits::run(&common, definitions, arguments),
            RegionCommand::Formats(arguments) => formats::run(&common, arguments),
            RegionCommand::Claims(arguments) => self.verdicts(region, arguments),
        }?;
        let text = if region.is_inline {
            report::inline(&output.document)
        } else {
            written(&output, common.form.unwrap_or(Form::Markdown))?
        };
        Ok((text, output.status))
    }

    /// Verdicts that a region asks for.
    fn verdicts(&self, region: &Region, arguments: &ClaimsArguments) -> Result<Output, Failure> {
        let mut chosen: Vec<usize> = Vec::new();
        if arguments.block {
            let before = |block: &&CodeBlock| block.place.end <= region.place.start as usize;
            let Some(block) = self.markdown.blocks.iter().rev().find(before) else {
                return Err(Failure::with_help(
                    "there is no block of claims above",
                    "claims stand in fenced code blocks marked ulpscope",
                ));
            };
            let inside = |&index: &usize| {
                block
                    .place
                    .contains(&(self.claims[index].span.start as usize))
            };
            chosen.extend((0..self.claims.len()).filter(inside));
        } else if arguments.titles.is_empty() {
            chosen.extend(0..self.claims.len());
        }
        for title in &arguments.titles {
            let title = title.trim();
            let before = chosen.len();
            let called = |&index: &usize| self.claims[index].title.as_deref() == Some(title);
            chosen.extend((0..self.claims.len()).filter(called));
            if chosen.len() == before {
                let titles = self
                    .claims
                    .iter()
                    .filter_map(|claim| claim.title.as_deref());
                let near = nearest(title, titles);
                let message = format!("no claim of this document is called “{title}”");
                return Err(match near {
                    Some(near) => Failure::with_help(message, format!("did you mean “{near}”?")),
                    None => Failure::usage(message),
                });
            }
        }
        if chosen.is_empty() {
            return Err(Failure::with_help(
                "there are no claims here",
                "a claim reads claim \"title\": exp(-50) != 0",
            ));
        }
        let result = self.verification.only(&chosen);
        let (document, markdown) = match arguments.summary {
            true => (report::verdict_counts(&result), None),
            false => (
                report::verification(&result),
                Some(report::verdicts(&result)),
            ),
        };
        Ok(Output {
            document,
            markdown,
            table: Some(report::verification(&result)),
            status: Status::of_claims(result.is_as_expected()),
            data: Box::new(result),
        })
    }
}

/// A result as it stands in a document: what is no markdown is fenced off.
fn written(output: &Output, form: Form) -> Result<String, Failure> {
    let text = output.render(form, Style::default())?;
    let language = match form {
        Form::Markdown | Form::Html => return Ok(text),
        Form::Table => "text",
        Form::Csv => "csv",
        Form::Json => "json",
        Form::Latex => "latex",
    };
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    Ok(format!("{fence}{language}\n{}\n{fence}", text.trim_end()))
}

/// What the argument parser says of a directive, whose first word is given.
fn wrong_words(error: clap::Error, first: &str) -> Failure {
    if error.kind() == ErrorKind::InvalidSubcommand {
        let message = match first {
            "report" => "there is no report in a report".to_string(),
            _ => format!("a region cannot ask for `{first}`"),
        };
        let command = Directive::command();
        let names: Vec<&str> = command
            .get_subcommands()
            .map(clap::Command::get_name)
            .collect();
        let help = format!("what it can ask for: {}", names.join(", "));
        return Failure::with_help(message, help);
    }
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let mut parts = text.split("\n\n");
    let message = parts.next().unwrap_or_default();
    let tip = parts.find_map(|part| part.trim().strip_prefix("tip: "));
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    match tip {
        Some(tip) => Failure::with_help(folded(message), folded(tip)),
        None => Failure::usage(folded(message)),
    }
}
