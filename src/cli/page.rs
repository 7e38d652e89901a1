//! A document with regions, and what its regions ask for.

use super::args::Common;
use super::failure::Failure;
use super::files::MAX_FILE;
use super::output::Status;
use super::region::Asked;
use super::session::Session;
use crate::formula::{Diagnostic, SourceId, Sources};
use crate::language::{Claim, Definitions, Markdown};
use crate::report::{self, Region};
use crate::study::{Case, Point, Progress, Verification, Verified, VerifyOptions, verify};
use rayon::prelude::*;
use std::sync::Arc;

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
        let verification = self.verify()?;
        let asked = Asked {
            common: self.common,
            markdown: &self.markdown,
            definitions: &self.definitions,
            claims: &self.claims,
            verification: &verification,
        };
        let results: Vec<_> = self
            .regions
            .par_iter()
            .zip(wanted)
            .map(|(region, &wanted)| {
                if !wanted {
                    return Ok(None);
                }
                let result = asked.result(region);
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
        let mut result = result
            .map_err(|diagnostic| Failure::Input(diagnostic, definitions.sources().clone()))?;
        // How the file is called and how long its regions are must not change what
        // stands in it: lines are those of its code blocks.
        let ends = self.markdown.line_ends(self.text);
        for (verified, claim) in result.claims.iter_mut().zip(&self.claims) {
            let place = claim.span.start as usize;
            verified.source = "this document's blocks".into();
            verified.line = ends.partition_point(|&end| end < place) + 1;
        }
        Ok(result)
    }

    /// What a report's first region begins with: all that its figures depend on.
    fn provenance(&self) -> String {
        format!(
            "*ulpscope {}; functions of f32 and f64 from CORE-MATH; precision limit {} bits*",
            env!("CARGO_PKG_VERSION"),
            self.common.precision_limit()
        )
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
    /// Where the contents would change what is a region, or make more of the
    /// document than can be read again.
    pub fn refreshed(&self, contents: &Contents) -> Result<String, Failure> {
        let new = report::refresh(self.text, &self.regions, &contents.texts);
        if new.len() as u64 > MAX_FILE {
            return Err(Failure::usage(format!(
                "{}: with its results it is longer than {} MB",
                self.name,
                MAX_FILE >> 20
            )));
        }
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
