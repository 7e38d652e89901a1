//! What a name means, and which known name is near an unknown one.
//!
//! Inside a claim its own names come first: values behind `where`, variables
//! behind `for`. They mean the same in the user's definitions that the claim
//! uses; these are therefore resolved anew for a claim that has names. The
//! prelude does not see them.

use super::lexer::is_word;
use super::tree::{Named, Symbol, Test, Tree, View};
use super::{ALIASES, Compiled, DERIVATIVE, Declared, Definition, DefinitionId, Definitions};
use crate::format::Format;
use crate::formula::{Constant, Diagnostic, OPS, Op, OpInfo};
use std::collections::HashMap;
use std::sync::Arc;

/// The names of the claim that is being resolved; empty outside of claims.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope {
    /// A value has a definition, a variable none.
    names: HashMap<Symbol, Option<DefinitionId>>,
    /// The formats that `mpfr:p` stands for.
    precisions: HashMap<Symbol, Format>,
    /// The user's functions and declared derivatives, as they are here.
    functions: HashMap<DefinitionId, Compiled>,
    derivatives: HashMap<usize, Compiled>,
}

impl Scope {
    pub fn is_variable(&self, symbol: Symbol) -> bool {
        matches!(self.names.get(&symbol), Some(None))
    }

    pub fn precision(&self, symbol: Symbol) -> Option<Format> {
        self.precisions.get(&symbol).copied()
    }
}

/// The names that a claim brings along.
#[derive(Clone, Debug, Default)]
pub(super) struct Locals {
    pub values: Vec<(Named, Arc<Tree>)>,
    pub variables: Vec<Symbol>,
}

impl Definitions {
    /// Does some work inside a claim; it gets the definitions of the claim's
    /// values, in order.
    pub(super) fn in_claim<T>(
        &mut self,
        locals: &Locals,
        precisions: HashMap<Symbol, Format>,
        work: impl FnOnce(&mut Self, &[DefinitionId]) -> Result<T, Diagnostic>,
    ) -> Result<T, Diagnostic> {
        let first = self.list.len();
        let nodes = std::mem::take(&mut self.function_nodes);
        let mut ids = Vec::with_capacity(locals.values.len());
        let mut scope = Scope {
            precisions,
            ..Scope::default()
        };
        for (name, body) in &locals.values {
            let id = DefinitionId(self.list.len() as u32);
            self.list.push(Definition {
                name: *name,
                parameters: None,
                body: body.clone(),
                prelude: false,
                resolved: false,
                active: false,
                function: None,
            });
            scope.names.insert(name.symbol, Some(id));
            ids.push(id);
        }
        for &variable in &locals.variables {
            scope.names.insert(variable, None);
        }
        self.scope = scope;
        let result = work(self, &ids);
        self.leave_all();
        self.scope = Scope::default();
        self.list.truncate(first);
        self.function_nodes = nodes;
        result
    }

    /// The definition that a name means: to the user, that of the claim, the own
    /// one or else the prelude's.
    pub(super) fn look_up(&self, symbol: Symbol, prelude: bool) -> Option<DefinitionId> {
        match self.scope.names.get(&symbol) {
            Some(&meaning) if !prelude => meaning,
            _ => self.defined(symbol, prelude),
        }
    }

    /// The same outside of claims.
    fn defined(&self, symbol: Symbol, prelude: bool) -> Option<DefinitionId> {
        let own = (!prelude).then(|| self.user.get(&symbol)).flatten();
        own.or_else(|| self.prelude.get(&symbol)).copied()
    }

    /// The constant that a name means where it is no definition's.
    pub(super) fn constant_at(&self, symbol: Symbol, prelude: bool) -> Option<Constant> {
        let hidden = !prelude && self.scope.is_variable(symbol);
        constant(self.names.text(symbol)).filter(|_| !hidden)
    }

    /// The function that a derivative was declared for.
    pub(super) fn derived(&self, declared: &Declared) -> Option<DefinitionId> {
        self.defined(declared.function.symbol, declared.prelude)
    }

    /// Whether what is the prelude's or the user's has another meaning here than
    /// outside of claims.
    fn is_scoped(&self, prelude: bool) -> bool {
        !prelude && !self.scope.names.is_empty()
    }

    /// A function that was resolved here.
    pub(super) fn compiled(&self, id: DefinitionId) -> Option<&Compiled> {
        let definition = &self.list[id.index()];
        match !definition.resolved && self.is_scoped(definition.prelude) {
            true => self.scope.functions.get(&id),
            false => definition.function.as_ref(),
        }
    }

    pub(super) fn keep(&mut self, id: DefinitionId, compiled: Compiled) {
        if self.is_scoped(self.list[id.index()].prelude) {
            self.scope.functions.insert(id, compiled);
        } else {
            self.list[id.index()].function = Some(compiled);
        }
    }

    /// A declared derivative that was resolved here.
    pub(super) fn compiled_derivative(&self, index: usize) -> Option<&Compiled> {
        let declared = &self.derivatives[index];
        match self.is_scoped(declared.prelude) {
            true => self.scope.derivatives.get(&index),
            false => declared.compiled.as_ref(),
        }
    }

    pub(super) fn keep_derivative(&mut self, index: usize, compiled: Compiled) {
        if self.is_scoped(self.derivatives[index].prelude) {
            self.scope.derivatives.insert(index, compiled);
        } else {
            self.derivatives[index].compiled = Some(compiled);
        }
    }

    /// The known function whose name is nearest, if one is near.
    pub(crate) fn nearest_function(&self, name: &str) -> Option<String> {
        let own = self.list.iter().filter(|known| known.parameters.is_some());
        let own = own.map(|known| &**self.names.text(known.name.symbol));
        let built_in = OPS.iter().map(|row| row.name);
        let built_in = built_in.filter(|name| Op::function(name).is_some());
        let aliases = ALIASES.iter().map(|(alias, _)| *alias);
        let views = View::ALL.iter().map(|(name, _)| *name);
        let tests = Test::ALL.iter().map(|(name, _)| *name);
        let all = own.chain(built_in).chain(aliases).chain(views);
        nearest(name, all.chain(tests))
    }
}

/// The candidate at the least edit distance, if that is about a third of the
/// name's length at most.
pub(crate) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
    let most = name.chars().count().div_ceil(3);
    if name.chars().count() < 2 {
        return None;
    }
    candidates
        .filter(|known| known.len().abs_diff(name.len()) <= 4 * most)
        .map(|known| (strsim::damerau_levenshtein(known, name), known))
        .filter(|(distance, known)| *distance <= most && *distance < known.chars().count())
        .min()
        .map(|(_, known)| known.to_string())
}

/// The built-in function with this name or alias.
pub(super) fn built_in(name: &str) -> Option<&'static OpInfo> {
    let alias = ALIASES.iter().find(|(alias, _)| *alias == name);
    Op::function(alias.map_or(name, |(_, name)| name))
}

/// Whether a name is that of a built-in function, which no value can have.
pub(super) fn is_function(name: &str) -> bool {
    built_in(name).is_some() || Test::find(name).is_some()
}

/// Whether a name has a meaning of its own in the language, which a new one would
/// take from it.
pub(super) fn is_taken(name: &str) -> bool {
    constant(name).is_some()
        || is_function(name)
        || is_word(name)
        || View::find(name).is_some()
        || [DERIVATIVE, "F"].contains(&name)
}

fn constant(name: &str) -> Option<Constant> {
    let all = [Constant::Pi, Constant::E, Constant::Inf, Constant::Nan];
    all.into_iter().find(|constant| constant.name() == name)
}
