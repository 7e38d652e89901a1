//! Checks of what is defined, whether it is used or not.

use super::call::plural;
use super::kinds::no_number;
use super::resolve::Graph;
use super::{DefinitionId, Definitions};
use crate::formula::{Context, Diagnostic, Kind, MAX_NODES};

impl Definitions {
    pub(super) fn check_definitions(&mut self) -> Result<(), Diagnostic> {
        self.leave_all();
        let mut next = 0;
        while next < self.list.len() {
            // Values that build on one another share a graph while it is small.
            let mut graph = Graph::new(self, &[], 0);
            while next < graph.definitions.list.len() && graph.builder.len() < MAX_NODES / 2 {
                let id = DefinitionId(next as u32);
                next += 1;
                let definition = &graph.definitions.list[id.index()];
                if definition.prelude {
                    continue;
                }
                if definition.parameters.is_some() {
                    graph.function(id)?;
                } else if !graph.values.contains_key(&(id, Context::Ambient)) {
                    let body = definition.body.clone();
                    graph.definitions.enter(id);
                    graph.expression(body, Some(id), false)?;
                }
            }
        }
        for index in 0..self.derivatives.len() {
            self.check_derivative(index)?;
        }
        Ok(())
    }

    fn check_derivative(&mut self, index: usize) -> Result<(), Diagnostic> {
        let declared = self.derivatives[index].clone();
        if declared.compiled.is_some() {
            return Ok(());
        }
        let name = self.names.text(declared.function.symbol).clone();
        let place = declared.function.span;
        let target = self.derived(&declared);
        let target = target.filter(|id| self.list[id.index()].parameters.is_some());
        let Some(target) = target else {
            return Err(self.unknown_function(&name, place));
        };
        let expected = self.list[target.index()].parameters.as_ref();
        let expected = expected.map_or(0, Vec::len);
        if expected != declared.parameters.len() {
            let message = format!(
                "`{name}` has {}, not {}",
                plural(expected, "parameter"),
                declared.parameters.len()
            );
            return Err(Diagnostic::new(message).at(place).help(match expected {
                1 => format!("write {name}'(x) = …"),
                _ => format!("write d({}, …) = …", self.signature(target)),
            }));
        }
        // The function itself, so that a formula's function can be told by it.
        Graph::new(self, &[], 0).function(target)?;
        let mut graph = Graph::new(self, &declared.parameters, 0);
        let (root, kind) = graph.expression(declared.body.clone(), None, declared.prelude)?;
        if kind == Kind::Predicate {
            return Err(no_number("a derivative", declared.body.root().span));
        }
        let compiled = graph.finish(root, format!("{name}'"), declared.prelude);
        self.derivatives[index].compiled = Some(compiled);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prelude_is_correct() {
        let mut definitions = Definitions::new();
        definitions.check().unwrap();
        for index in 0..definitions.list.len() {
            let parameters = definitions.list[index].parameters.clone();
            assert!(parameters.is_some(), "functions alone");
            let id = DefinitionId(index as u32);
            Graph::new(&mut definitions, &[], 0).function(id).unwrap();
            let compiled = definitions.list[index].function.clone().unwrap();
            assert!(compiled.function.body.inputs().is_empty());
        }
    }
}
