//! FPCore, the formulas of FPBench (FPCore 2.0), as functions of the language.
//!
//! A core becomes a function of its arguments, by a name that the language can
//! have: `(FPCore (x) :name "NMSE example 3.1" …)` is `NMSE_example_3_1(x)`. Its
//! `:spec` and its `:alt`s are functions beside it (`…_spec`, `…_alt`), and its
//! `:pre` is a predicate (`…_pre`).
//!
//! Rounding contexts are the standard's: operations, literals and arguments
//! round, references to variables do not, and `cast` rounds. What a core names for
//! all of itself (`:precision binary64`) is the arithmetic to study it in where
//! no other is asked for. What stands inside of it, `(! :precision binary32 …)`,
//! belongs to the program: it is rounded so in every computation, and is no part of
//! the exact value. What a core gives in the end is stored in the arithmetic that it is
//! studied in. A choice, `if`, does not round where its branches live in one
//! format, or one of two formats holds the other's numbers; where one of them is the
//! arithmetic under study, the choice is rounded to what stands around it. A core that
//! is called is computed in its own context where it names one (in the arithmetic under
//! study, if that is what the calling core names too), otherwise in the caller's; its
//! arguments are values, and do not round again unless they are annotated.
//!
//! Names are made names of the language: `x.re` becomes `x_re`, and what means something
//! else there gets a bar behind it (`e` is `e_`).
//!
//! | file | chapter |
//! |---|---|
//! | `names` | names of the language |
//! | `reader` | lists, names, texts |
//! | `file` | the heads of cores |
//! | `context` | precisions and roundings |
//! | `operations` | what names mean |
//! | `compile` | bodies to graphs |
//! | `nodes` | the graph in the making |
//! | `meaning` | operations and constants, made of ours |
//! | `number` | literals |
//! | `write` | graphs to cores |

mod compile;
mod context;
mod file;
mod meaning;
mod names;
mod nodes;
mod number;
mod operations;
mod reader;
mod write;

pub use write::{CoreHead, write as write_fpcore};

use self::file::{File, Head};
use self::names::{identifier, unquoted};
use self::reader::{ItemId, Items};
use super::scope::is_taken;
use super::tree::{Named, Tree};
use super::{Compiled, Definition, DefinitionId, Definitions};
use crate::format::Format;
use crate::formula::{Diagnostic, Formula, Function, Kind, MAX_NODES, Span};
use std::collections::HashSet;
use std::sync::Arc;

/// A core that was read, under the names that it has now.
#[derive(Clone, Debug)]
pub struct Core {
    /// The function that it is.
    pub name: String,
    /// Its own name, `:name` or the one that other cores call it by.
    pub title: Option<String>,
    /// The name that other cores call it by.
    pub symbol: Option<String>,
    /// The names of its arguments here.
    pub arguments: Vec<String>,
    /// The names that they have in its text.
    pub argument_texts: Vec<String>,
    /// The format that it names for itself.
    pub format: Option<Format>,
    /// The functions beside it: what it is meant to compute, and other ways.
    pub alternatives: Vec<String>,
    /// The predicate that its arguments should satisfy.
    pub precondition: Option<String>,
    /// Its properties, as they are written.
    pub properties: Vec<(String, String)>,
    /// Where it stands.
    pub span: Span,
    /// Why it is no function here: it has a loop, say.
    pub refused: Option<Diagnostic>,
}

impl Core {
    /// A call of one of its functions, with its arguments as variables.
    pub fn call(&self, function: &str) -> String {
        format!("{function}({})", self.arguments.join(", "))
    }

    /// Whether this is what a person calls it.
    pub fn is_called(&self, name: &str) -> bool {
        self.name == name || self.title.as_deref() == Some(name)
    }
}

/// A core's graphs, under construction.
struct Graphs {
    body: Formula,
    spec: Option<Formula>,
    alternatives: Vec<Formula>,
    precondition: Option<Formula>,
}

impl Definitions {
    /// Adds the cores of a text as functions. Those that formulas cannot be made of
    /// are given back with the reason.
    ///
    /// ```
    /// use ulpscope::language::Definitions;
    /// let mut definitions = Definitions::new();
    /// let text = "(FPCore (x) :name \"2sqrt\" (- (sqrt (+ x 1)) (sqrt x)))";
    /// let cores = definitions.add_fpcore("text", text)?;
    /// assert_eq!(cores[0].call(&cores[0].name), "core_2sqrt(x)");
    /// let formula = definitions.formula("expression", "core_2sqrt(x)")?;
    /// assert_eq!(formula.inputs(), ["x"]);
    /// # Ok::<(), ulpscope::formula::Diagnostic>(())
    /// ```
    ///
    /// # Errors
    /// Where it is no text of cores.
    pub fn add_fpcore(&mut self, source_name: &str, text: &str) -> Result<Vec<Core>, Diagnostic> {
        let source = self.source(source_name, text)?;
        let (items, top) = Items::read(text, source)?;
        let sources = self.sources.clone();
        let file = File::read(&sources, items, &top)?;
        // A function with the name of some argument would hide that variable.
        let arguments = file.cores.iter().flat_map(|core| &core.arguments);
        let variables = arguments.map(|argument| identifier(file.text(argument.name)));
        let variables: HashSet<String> = variables.collect();
        // What calls make of a text may be as large as 2 to the number of its cores.
        let mut budget = MAX_NODES;
        let mut cores = Vec::with_capacity(file.cores.len());
        for index in 0..file.cores.len() {
            cores.push(self.add_core(&file, index, &variables, &mut budget));
        }
        Ok(cores)
    }

    fn add_core(
        &mut self,
        file: &File<'_>,
        index: usize,
        variables: &HashSet<String>,
        budget: &mut usize,
    ) -> Core {
        let head = &file.cores[index];
        let title = file.property(&head.properties, ":name");
        let title = title.or(head.symbol).map(|id| unquoted(file.text(id)));
        let mut arguments = Vec::with_capacity(head.arguments.len());
        for argument in &head.arguments {
            let name = self.argument_name(file.text(argument.name), &arguments);
            arguments.push(name);
        }
        let mut core = Core {
            name: String::new(),
            symbol: head.symbol.map(|id| file.text(id).to_string()),
            argument_texts: head
                .arguments
                .iter()
                .map(|argument| file.text(argument.name).to_string())
                .collect(),
            arguments,
            format: None,
            alternatives: Vec::new(),
            precondition: None,
            properties: head
                .properties
                .iter()
                .map(|&(key, value)| (file.text(key).to_string(), file.text(value).to_string()))
                .collect(),
            span: file.span(head.item),
            refused: None,
            title,
        };
        let wanted = match &core.title {
            Some(title) => identifier(title),
            None => format!("core{}", index + 1),
        };
        core.name = self.free_name(&wanted, variables);
        let made = file.own_format(head).and_then(|format| {
            core.format = format;
            graphs(file, index, budget)
        });
        match made {
            Ok(graphs) => self.define_core(&mut core, graphs, variables),
            Err(why) => core.refused = Some(why),
        }
        core
    }

    fn define_core(&mut self, core: &mut Core, graphs: Graphs, variables: &HashSet<String>) {
        let name = core.name.clone();
        self.define(core, &name, graphs.body);
        let spec = graphs.spec.map(|graph| ("spec".to_string(), graph));
        let others = (1..).zip(graphs.alternatives).map(|(number, graph)| {
            let suffix = match number {
                1 => "alt".to_string(),
                number => format!("alt{number}"),
            };
            (suffix, graph)
        });
        for (suffix, graph) in spec.into_iter().chain(others) {
            let own = self.free_name(&format!("{name}_{suffix}"), variables);
            self.define(core, &own, graph);
            core.alternatives.push(own);
        }
        if let Some(graph) = graphs.precondition {
            let own = self.free_name(&format!("{name}_pre"), variables);
            self.define(core, &own, graph);
            core.precondition = Some(own);
        }
    }

    /// Defines a function that is resolved already.
    fn define(&mut self, core: &Core, name: &str, body: Formula) {
        let symbol = self.names.intern(name);
        let parameters = core.arguments.iter();
        let parameters = parameters.map(|name| self.names.intern(name)).collect();
        let function = Function {
            name: name.to_string(),
            parameters: core.arguments.clone(),
            prelude: false,
            body,
        };
        let id = DefinitionId(self.list.len() as u32);
        self.user.insert(symbol, id);
        self.list.push(Definition {
            name: Named {
                symbol,
                span: core.span,
            },
            parameters: Some(parameters),
            body: Arc::new(Tree::default()),
            prelude: false,
            resolved: true,
            active: false,
            function: Some(Compiled {
                function: Arc::new(function),
                depth: 0,
            }),
        });
    }

    /// A name that no user's definition has yet, and that hides nothing built in.
    fn free_name(&self, wanted: &str, variables: &HashSet<String>) -> String {
        let is_free = |name: &str| {
            let known = self.names.find(name);
            let defined = known.is_some_and(|symbol| self.user.contains_key(&symbol));
            !defined && !is_taken(name) && !variables.contains(name)
        };
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let mut names = std::iter::once(wanted.to_string()).chain(numbered);
        names.find(|name| is_free(name)).unwrap_or_default()
    }

    /// The name of a variable for an argument: one that means nothing else.
    fn argument_name(&self, wanted: &str, others: &[String]) -> String {
        let wanted = identifier(wanted);
        let is_free = |name: &str| {
            let means = self
                .names
                .find(name)
                .is_some_and(|symbol| self.look_up(symbol, false).is_some());
            let taken = others.iter().any(|other| other == name);
            !means && !taken && !is_taken(name)
        };
        let mut longer = std::iter::successors(Some(wanted), |name| Some(format!("{name}_")));
        longer.find(|name| is_free(name)).unwrap_or_default()
    }
}

/// All graphs of a core.
fn graphs(file: &File<'_>, index: usize, budget: &mut usize) -> Result<Graphs, Diagnostic> {
    let head: &Head = &file.cores[index];
    let mut compile = |item: ItemId, kind| compile::compile(file, index, (item, kind), budget);
    let number = Some(Kind::Number);
    let property = |name| file.property(&head.properties, name);
    let others = head.properties.iter();
    let others = others.filter(|(key, _)| file.text(*key) == ":alt");
    Ok(Graphs {
        body: compile(head.body, None)?,
        spec: property(":spec")
            .map(|item| compile(item, number))
            .transpose()?,
        alternatives: others
            .map(|&(_, item)| compile(item, number))
            .collect::<Result<_, _>>()?,
        precondition: property(":pre")
            .map(|item| compile(item, Some(Kind::Predicate)))
            .transpose()?,
    })
}
