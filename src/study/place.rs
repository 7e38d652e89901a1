//! A box: where a formula is studied for all values of some variables at once.

use super::compare::InputText;
use super::point::{Point, two_values};
use super::subject::{Subject, no_value};
use crate::claim::axis;
use crate::formula::{Diagnostic, Formula, Span};
use crate::language::{Definitions, Quantified};

/// Exact values for some variables, and intervals for others, as `--at` gives them.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// The values.
    pub point: Point,
    /// The sides of the box, if there is one.
    pub sides: Vec<Quantified>,
}

impl Place {
    /// Reads `x=[1, 2], y=3, z=(0, 1]`: constant expressions, exact; an interval has
    /// finite ends, and does not contain those with a round bracket.
    ///
    /// # Errors
    /// As [`Point::parse`]; where an interval is empty, or one of its ends is no finite
    /// number.
    pub fn parse(
        definitions: &mut Definitions,
        text: &str,
        limit: u32,
    ) -> Result<Self, Diagnostic> {
        let (values, sides) = definitions.place("--at", text)?;
        for side in &sides {
            let pieces = axis(side, limit)?;
            let ends = pieces.iter().flat_map(|numbers| numbers.ends());
            if ends.flatten().count() < 2 * pieces.len() {
                let message = format!("the interval of `{}` has no end", side.name);
                return Err(Diagnostic::new(message).at(side.place()).help(
                    "give it finite ends; claims go on for ever: \
                     verify -e 'exp(x) in ? for x in [0, inf)'",
                ));
            }
        }
        let point = Point::of(values, limit)?;
        Ok(Place { point, sides })
    }

    /// Takes what `other` has in place of its own where both have something for a
    /// variable.
    pub fn override_with(&mut self, other: Place) {
        for (name, _) in other.names() {
            self.point.forget(name);
            self.sides.retain(|side| side.name != name);
        }
        self.point.override_with(other.point);
        self.sides.extend(other.sides);
    }

    /// Takes what `other` has beside its own.
    ///
    /// # Errors
    /// Where both have something for one variable.
    pub fn add(&mut self, other: Place) -> Result<(), Diagnostic> {
        for (name, span) in other.names() {
            if self.names().any(|(own, _)| own == name) {
                return Err(two_values(name, span));
            }
        }
        self.point.add(other.point)?;
        self.sides.extend(other.sides);
        Ok(())
    }

    /// The point alone.
    ///
    /// # Errors
    /// Where there are intervals.
    pub fn point(self) -> Result<Point, Diagnostic> {
        match self.sides.first() {
            None => Ok(self.point),
            Some(side) => Err(side.no_value()),
        }
    }

    /// What has a value or an interval, and where its name stands.
    fn names(&self) -> impl Iterator<Item = (&str, Span)> {
        let settings = self.point.settings.iter();
        let values = settings.map(|setting| (setting.name.as_str(), setting.span));
        let sides = self.sides.iter();
        values.chain(sides.map(|side| (side.name.as_str(), side.span)))
    }

    /// Checks that every variable of an expression has a value or an interval.
    ///
    /// # Errors
    /// Where one has neither.
    pub(super) fn check_complete(&self, graph: &Formula) -> Result<(), Diagnostic> {
        let has = |name: &String| self.names().any(|(known, _)| known == name);
        match graph.inputs().iter().find(|name| !has(name)) {
            Some(name) => Err(no_value(graph, name)),
            None => Ok(()),
        }
    }

    /// Checks that every variable that has something is a free one of some source
    /// graph. The graphs beside are the same, inlined.
    ///
    /// # Errors
    /// As [`Subject::check_names`].
    pub(super) fn check_used(
        &self,
        (sources, graphs): (&[&Formula], &[&Formula]),
        definitions: &Definitions,
    ) -> Result<(), Diagnostic> {
        let used = |name: &str| {
            let inputs = graphs.iter().flat_map(|graph| graph.inputs());
            inputs.into_iter().any(|input| input == name)
        };
        if self.names().all(|(name, _)| used(name)) {
            return Ok(());
        }
        Subject::check_used(sources, self.names(), definitions)
    }

    /// The values of variables that a formula has.
    pub(super) fn inputs(&self, graphs: &[&Formula]) -> Vec<InputText> {
        let used = |name: &String| graphs.iter().any(|graph| graph.inputs().contains(name));
        let mut all = InputText::of(&self.point.settings);
        all.retain(|input| used(&input.name));
        all
    }

    /// The sides of variables that a formula has.
    pub(super) fn sides_of(&self, graph: &Formula) -> Vec<Quantified> {
        let used = |side: &&Quantified| graph.inputs().contains(&side.name);
        self.sides.iter().filter(used).cloned().collect()
    }

    /// The sides as they were written.
    pub(super) fn side_texts(&self, definitions: &Definitions) -> Vec<InputText> {
        let text = |side: &Quantified| InputText {
            name: side.name.clone(),
            value: side.interval_text(definitions),
        };
        self.sides.iter().map(text).collect()
    }
}
