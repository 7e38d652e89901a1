//! A document with regions, and what its regions ask for.

use super::args::{ClaimsArguments, Common, Directive, Form, RegionCommand, protect_expressions};
use super::failure::Failure;
use super::output::{Output, Status};
use super::session::Session;
use super::{bits, compare, derive, eval, explain, formats, sweep, threshold};
use crate::formula::{Diagnostic, SourceId, Sources};
use crate::language::{Claim, CodeBlock, Definitions, Markdown, nearest};
use crate::report::{self, Region, Style};
use crate::study::{Case, Point, Progress, Verification, Verified, VerifyOptions, verify};
use clap::Parser;
use rayon::prelude::*;
use std::sync::Arc;

/// What a region may ask for.
const SUBCOMMANDS: &[&str] = &[
    "compare",
    "sweep",
    "threshold",
    "explain",
    "derive",
    "eval",
    "bits",
    "formats",
    "claims",
];

/// A document.
pub struct Page<'a> {
    common: &'a Common,
    name: &'a str,
    text: &'a str,
    sources: Arc<Sources>,
    source: SourceId,
    markdown: Markdown,
    regions: Vec<Region>,
    definitions: Definitions,
    claims: Vec<Claim>,
    /// Inputs for its claims, where the document is a case.
    point: Point,
}

/// What belongs into a document's regions.
pub struct Contents {
    /// One for each region that is wanted.
    texts: Vec<Option<String>>,
    /// Claims that do not have the verdict that is expected of them.
    pub complaints: Vec<Failure>,
}

impl<'a> Page<'a> {
    /// Reads a document, its definitions and claims.
    pub fn read(common: &'a Common, name: &'a str, text: &'a str) -> Result<Self, Failure> {
        let markdown = Markdown::read(text);
        let mut sources = Sources::new();
        let source = sources.add(name, text);
        let sources = Arc::new(sources);
        let regions = Region::all(text, &markdown, source)
            .map_err(|diagnostic| Failure::Input(diagnostic, sources.clone()))?;
        let nothing = Common::default();
        let mut session = Session::new(&nothing, Definitions::new())?;
        let claims = session
            .definitions
            .add_document(name, &markdown.definitions(text));
        let claims = session.check(claims)?;
        if session.definitions.declares_derivatives() {
            session.check_declared()?;
        }
        let case = Case::read(name, name, text).map_err(|diagnostic| Failure::Usage {
            message: format!("{name}: {}", diagnostic.message),
            help: diagnostic.help,
        })?;
        let point = match case {
            Some(case) => {
                let limit = common.precision_limit();
                let point = Point::parse(&mut session.definitions, &case.at, limit);
                session.check(point)?
            }
            None => Point::default(),
        };
        let definitions = session.definitions;
        Ok(Page {
            common,
            name,
            text,
            sources,
            source,
            markdown,
            regions,
            definitions,
            claims,
            point,
        })
    }

    /// Which regions are wanted: all, or those with these names.
    pub fn wanted(&self, names: &[String]) -> Result<Vec<bool>, Failure> {
        for name in names {
            if !self
                .regions
                .iter()
                .any(|region| region.name.as_ref() == Some(name))
            {
                let known: Vec<&str> = self.names().collect();
                let message = format!("--only: {} has no region `{name}`", self.name);
                return Err(match known.is_empty() {
                    true => Failure::with_help(message, "none of its regions has a name"),
                    false => {
                        Failure::with_help(message, format!("its names are: {}", known.join(", ")))
                    }
                });
            }
        }
        let is_wanted = |region: &Region| {
            names.is_empty()
                || region
                    .name
                    .as_ref()
                    .is_some_and(|name| names.contains(name))
        };
        Ok(self.regions.iter().map(is_wanted).collect())
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        self.regions
            .iter()
            .filter_map(|region| region.name.as_deref())
    }

    /// Runs what the wanted regions ask for, side by side.
    ///
    /// # Errors
    /// All that went wrong, in the document's order.
    pub fn run(&self, wanted: &[bool], progress: &impl Progress) -> Result<Contents, Vec<Failure>> {
        let verification = self.verify().map_err(|failure| vec![failure])?;
        let results: Vec<_> = self
            .regions
            .par_iter()
            .zip(wanted)
            .map(|(region, &wanted)| {
                if !wanted {
                    return Ok(None);
                }
                let result = self.result(region, &verification);
                progress.advance(1);
                result
                    .map(Some)
                    .map_err(|failure| self.within(region, failure))
            })
            .collect();
        let mut contents = Contents {
            texts: Vec::with_capacity(results.len()),
            complaints: Vec::new(),
        };
        let mut failures = Vec::new();
        let mut is_first = true;
        let claims = verification.claims.iter().zip(&self.claims);
        let unexpected = claims.filter(|(verified, _)| !verified.as_expected);
        contents
            .complaints
            .extend(unexpected.map(|(verified, claim)| {
                let diagnostic = unexpected_verdict(verified).at(claim.span);
                Failure::Input(diagnostic, self.definitions.sources().clone())
            }));
        for (region, result) in self.regions.iter().zip(results) {
            match result {
                Ok(Some((mut text, status))) => {
                    if is_first && !region.is_inline {
                        text = format!("{}\n\n{text}", self.provenance());
                    }
                    if status == Status::NotAsExpected && !region.directive.starts_with("claims") {
                        let message = "this does not have the verdict that is expected of it";
                        contents
                            .complaints
                            .push(self.at(region, Diagnostic::new(message)));
                    }
                    contents.texts.push(Some(text));
                }
                Ok(None) => contents.texts.push(None),
                Err(failure) => failures.push(failure),
            }
            is_first &= region.is_inline;
        }
        match failures.is_empty() {
            true => Ok(contents),
            false => Err(failures),
        }
    }

    /// The document's claims, with verdicts.
    fn verify(&self) -> Result<Verification, Failure> {
        let options = VerifyOptions {
            precision_limit: self.common.precision_limit(),
            ..VerifyOptions::default()
        };
        let mut definitions = self.definitions.clone();
        let result = verify(&mut definitions, &self.claims, &self.point, &options);
        result.map_err(|diagnostic| Failure::Input(diagnostic, definitions.sources().clone()))
    }

    /// What a report's first region begins with: all that its figures depend on.
    fn provenance(&self) -> String {
        format!(
            "*ulpscope {}; functions of f32 and f64 from CORE-MATH; precision limit {} bits*",
            env!("CARGO_PKG_VERSION"),
            self.common.precision_limit()
        )
    }

    /// What one region asks for.
    fn result(
        &self,
        region: &Region,
        verification: &Verification,
    ) -> Result<(String, Status), Failure> {
        let Some(words) = shlex::split(&region.directive) else {
            return Err(Failure::with_help(
                "a quote is not closed in this directive",
                "arguments with spaces stand in '…' or \"…\"",
            ));
        };
        let first = words.first().map_or("", String::as_str);
        if !SUBCOMMANDS.contains(&first) {
            let message = match first {
                "report" => "there is no report in a report".to_string(),
                _ => format!("a region cannot ask for `{first}`"),
            };
            let help = format!("what it can ask for: {}", SUBCOMMANDS.join(", "));
            return Err(Failure::with_help(message, help));
        }
        let words = std::iter::once("ulpscope".into())
            .chain(words.into_iter().map(std::ffi::OsString::from));
        let Directive {
            command,
            mut common,
        } = Directive::try_parse_from(protect_expressions(words)).map_err(wrong_words)?;
        if let Some(option) = common.unfit_for_region() {
            return Err(Failure::with_help(
                format!("a region does not take {option}"),
                "its result stands in the document, the same on every machine; \
                 definitions stand in code blocks marked ulpscope",
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
        let output = match &command {
            RegionCommand::Compare(arguments) => compare::run(&common, definitions, arguments),
            RegionCommand::Sweep(arguments) => sweep::run(&common, definitions, arguments),
            RegionCommand::Threshold(arguments) => threshold::run(&common, definitions, arguments),
            RegionCommand::Explain(arguments) => explain::run(&common, definitions, arguments),
            RegionCommand::Derive(arguments) => derive::run(&common, definitions, arguments),
            RegionCommand::Eval(arguments) => eval::run(&common, definitions, arguments),
            RegionCommand::Bits(arguments) => bits::run(&common, definitions, arguments),
            RegionCommand::Formats(arguments) => formats::run(&common, arguments),
            RegionCommand::Claims(arguments) => self.claims(region, arguments, verification),
        }?;
        let text = if region.is_inline {
            report::inline(&output.document)
        } else {
            written(&output, common.form.unwrap_or(Form::Markdown))?
        };
        Ok((text, output.status))
    }

    /// Verdicts that a region asks for.
    fn claims(
        &self,
        region: &Region,
        arguments: &ClaimsArguments,
        verification: &Verification,
    ) -> Result<Output, Failure> {
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
        let mut result = verification.only(&chosen);
        // How the file was called must not change what stands in it.
        for claim in &mut result.claims {
            claim.source = "this document".into();
        }
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

    /// Something wrong at a region.
    fn at(&self, region: &Region, diagnostic: Diagnostic) -> Failure {
        Failure::Input(diagnostic.at(region.place), self.sources.clone())
    }

    /// What went wrong in a region, with its place.
    fn within(&self, region: &Region, failure: Failure) -> Failure {
        match failure {
            Failure::Usage { message, help } => {
                let diagnostic = Diagnostic {
                    help,
                    ..Diagnostic::new(message)
                };
                self.at(region, diagnostic)
            }
            failure => Failure::InRegion {
                failure: Box::new(failure),
                place: format!("the region at {}:{}", self.name, region.line),
            },
        }
    }

    /// The document with new contents.
    ///
    /// # Errors
    /// Where the contents would change what is a region.
    pub fn refreshed(&self, contents: &Contents) -> Result<String, Failure> {
        let new = report::refresh(self.text, &self.regions, &contents.texts);
        let again = Region::all(&new, &Markdown::read(&new), self.source);
        let directives = |regions: &[Region]| -> Vec<String> {
            regions
                .iter()
                .map(|region| region.directive.clone())
                .collect()
        };
        match again {
            Ok(again) if directives(&again) == directives(&self.regions) => Ok(new),
            _ => Err(Failure::usage(format!(
                "{}: a result would be taken for a part of the document itself",
                self.name
            ))),
        }
    }

    /// The regions, by index, whose contents are others than they were.
    pub fn stale(&self, contents: &Contents) -> Vec<usize> {
        let changes = |&index: &usize| {
            let text = contents.texts[index].as_ref();
            text.is_some_and(|text| self.regions[index].is_stale(self.text, text))
        };
        (0..self.regions.len()).filter(changes).collect()
    }

    /// The regions among the wanted ones in which somebody wrote by hand.
    pub fn edited(&self, contents: &Contents) -> Vec<usize> {
        let is_edited = |&index: &usize| {
            contents.texts[index].is_some() && self.regions[index].is_edited(self.text)
        };
        (0..self.regions.len()).filter(is_edited).collect()
    }

    /// A message on a region that somebody wrote in.
    pub fn was_edited(&self, index: usize) -> Failure {
        let message = "what stands in this region was not written by ulpscope";
        let diagnostic = Diagnostic::new(message)
            .help("--force overwrites it, --diff shows what would change; nothing was written");
        self.at(&self.regions[index], diagnostic)
    }

    /// A line on what became of the document.
    pub fn verdict(&self, stale: &[usize], edited: &[usize], word: &str) -> String {
        let regions = match self.regions.len() {
            1 => "1 region".to_string(),
            several => format!("{several} regions"),
        };
        if stale.is_empty() {
            return format!("{}: {regions}, up to date\n", self.name);
        }
        let lines = |indices: &[usize]| {
            let lines = indices.iter().map(|&index| self.regions[index].line);
            let mut lines: Vec<String> = lines.map(|line| line.to_string()).collect();
            lines.dedup();
            let word = if lines.len() == 1 { "line" } else { "lines" };
            format!("{word} {}", lines.join(", "))
        };
        let mut text = format!(
            "{}: {} of {regions} {word} ({})",
            self.name,
            stale.len(),
            lines(stale)
        );
        if !edited.is_empty() {
            text.push_str(&format!(", edited by hand ({})", lines(edited)));
        }
        text.push('\n');
        text
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

fn unexpected_verdict(verified: &Verified) -> Diagnostic {
    let name = match &verified.title {
        Some(title) => format!("“{title}”"),
        None => "this claim".to_string(),
    };
    Diagnostic::new(format!(
        "{name} is {}, and expected to be {}",
        verified.verdict.word(),
        verified.expected.word()
    ))
}

/// What the argument parser says of a directive.
fn wrong_words(error: clap::Error) -> Failure {
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
