//! What a name means, and which known name is near an unknown one.

use super::tree::{Symbol, View};
use super::{ALIASES, Declared, DefinitionId, Definitions};
use crate::formula::{Constant, OPS, Op, OpInfo};

impl Definitions {
    /// The definition that a name means: to the user, the own one or else the
    /// prelude's.
    pub(super) fn look_up(&self, symbol: Symbol, prelude: bool) -> Option<DefinitionId> {
        let own = (!prelude).then(|| self.user.get(&symbol)).flatten();
        own.or_else(|| self.prelude.get(&symbol)).copied()
    }

    /// The function that a derivative was declared for.
    pub(super) fn derived(&self, declared: &Declared) -> Option<DefinitionId> {
        self.look_up(declared.function.symbol, declared.prelude)
    }

    /// The known function whose name is nearest, if one is near.
    pub(super) fn nearest_function(&self, name: &str) -> Option<String> {
        let own = self.list.iter().filter(|known| known.parameters.is_some());
        let own = own.map(|known| &**self.names.text(known.name.symbol));
        let built_in = OPS.iter().map(|row| row.name);
        let built_in = built_in.filter(|name| Op::function(name).is_some());
        let aliases = ALIASES.iter().map(|(alias, _)| *alias);
        let views = View::ALL.iter().map(|(name, _)| *name);
        nearest(name, own.chain(built_in).chain(aliases).chain(views))
    }
}

/// The candidate at the least edit distance, if that is about a third of the
/// name's length at most.
pub(super) fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<String> {
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

pub(super) fn constant(name: &str) -> Option<Constant> {
    let all = [Constant::Pi, Constant::E, Constant::Inf, Constant::Nan];
    all.into_iter().find(|constant| constant.name() == name)
}
