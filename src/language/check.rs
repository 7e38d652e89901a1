//! Checks of what is defined, whether it is used or not.

use super::resolve::Graph;
use super::{DefinitionId, Definitions};
use crate::formula::{Context, Diagnostic, MAX_NODES};

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
            graph.check_absent()?;
        }
        for index in 0..self.derivatives.len() {
            self.compile_derivative(index, 0)?;
        }
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
