//! From a core's body to a graph.
//!
//! A machine with a stack of steps and one of values, so that nesting has no
//! limit but the text's. A variable is the node that it was bound to: what it
//! stands for was rounded where it was made. An argument and a literal are
//! rounded where they stand, an operation where it is carried out.

use super::context::Place;
use super::file::{File, Head};
use super::meaning::{check_count, digits};
use super::names::identifier;
use super::nodes::{Nodes, Value, wrong_count, wrong_kind};
use super::number;
use super::operations::{self, Meaning};
use super::reader::{Item, ItemId};
use crate::formula::{Context, Diagnostic, Formula, Kind, NodeId, Op};
use std::collections::HashMap;

/// What is to be done next.
enum Step {
    Evaluate(ItemId, Place),
    /// An operation on the last values, so many.
    Apply(Meaning, usize, ItemId, Place),
    Select(ItemId, Place),
    Cast(ItemId, Place),
    /// A cast into a format and back, `(cast (! :precision … (cast e)))`.
    CastThrough(Place, ItemId, Place),
    /// Gives the last values names, those of variables from here on.
    Bind(Vec<ItemId>),
    Unbind(Vec<ItemId>),
    /// Calls a core with the last values.
    Enter(usize, ItemId, Place),
    Leave(Call, Bindings),
}

/// A core, its arguments' nodes, and where its body lives.
type Call = (usize, Vec<NodeId>, Place);

/// What names stand for, the innermost last.
type Bindings = HashMap<String, Vec<Value>>;

/// Makes a graph of an expression of a core.
struct Compiler<'a> {
    file: &'a File<'a>,
    nodes: Nodes<'a>,
    bindings: Bindings,
    steps: Vec<Step>,
    values: Vec<Value>,
    called: HashMap<Call, Value>,
    /// The cores whose bodies are being read.
    active: Vec<usize>,
}

/// The graph of an expression with the arguments of a core as parameters. Its nodes
/// are taken off the budget, whether it is finished or not.
///
/// # Errors
/// Where it is no expression, or one that formulas do not have.
pub fn compile(
    file: &File<'_>,
    index: usize,
    (expression, wanted): (ItemId, Option<Kind>),
    budget: &mut usize,
) -> Result<Formula, Diagnostic> {
    let core = &file.cores[index];
    let place = Place::body(file.own_format(core)?);
    let mut compiler = Compiler {
        file,
        nodes: Nodes::new(file, budget),
        bindings: HashMap::new(),
        steps: Vec::new(),
        values: Vec::new(),
        called: HashMap::new(),
        active: vec![index],
    };
    compiler.arguments(core, place)?;
    compiler.steps.push(Step::Evaluate(expression, place));
    while let Some(step) = compiler.steps.pop() {
        compiler.step(step)?;
    }
    let (root, kind) = compiler.values.pop().expect("an expression has a value");
    if wanted.is_some_and(|wanted| wanted != kind) {
        let span = file.span(expression);
        return Err(wrong_kind("this", kind).at(span));
    }
    Ok(compiler.nodes.finish(root))
}

impl Compiler<'_> {
    fn arguments(&mut self, core: &Head, place: Place) -> Result<(), Diagnostic> {
        for (index, argument) in core.arguments.iter().enumerate() {
            let (items, sources) = (&self.file.items, self.file.sources);
            let place = place.with(&argument.properties, items, sources)?;
            let id = self
                .nodes
                .argument(index as u32, place.context(), argument.name)?;
            self.bind(argument.name, (id, Kind::Number));
        }
        Ok(())
    }

    fn bind(&mut self, name: ItemId, value: Value) {
        let name = self.file.text(name).to_string();
        self.bindings.entry(name).or_default().push(value);
    }

    fn step(&mut self, step: Step) -> Result<(), Diagnostic> {
        match step {
            Step::Evaluate(item, place) => self.evaluate(item, place),
            Step::Apply(meaning, count, item, place) => {
                let operands = self.values.split_off(self.values.len() - count);
                let value = self.nodes.apply(meaning, &operands, item, place)?;
                self.values.push(value);
                Ok(())
            }
            Step::Select(item, place) => {
                let values = self.values.split_off(self.values.len() - 3);
                let value = self
                    .nodes
                    .choose([values[0], values[1], values[2]], item, place)?;
                self.values.push(value);
                Ok(())
            }
            Step::Cast(item, place) => {
                let operand = self.number(item)?;
                let id = self.nodes.convert(operand, place.context(), item)?;
                self.values.push((id, Kind::Number));
                Ok(())
            }
            Step::CastThrough(through, item, place) => {
                let operand = self.number(item)?;
                // Among real numbers the language's cast is no rounding.
                let real = [self.nodes.context(operand), place.context()];
                let real = real.contains(&Context::Real);
                let id = match through.context() {
                    Context::Program(format) if !real => {
                        self.nodes
                            .node(Op::Cast(format), &[operand], place.context(), item)?
                    }
                    other => {
                        let inner = self.nodes.convert(operand, other, item)?;
                        self.nodes.convert(inner, place.context(), item)?
                    }
                };
                self.values.push((id, Kind::Number));
                Ok(())
            }
            Step::Bind(names) => {
                let values = self.values.split_off(self.values.len() - names.len());
                for (name, value) in names.into_iter().zip(values) {
                    let text = identifier(self.file.text(name));
                    self.nodes.name(value.0, &text);
                    self.bind(name, value);
                }
                Ok(())
            }
            Step::Unbind(names) => {
                for name in names {
                    if let Some(bound) = self.bindings.get_mut(self.file.text(name)) {
                        bound.pop();
                    }
                }
                Ok(())
            }
            Step::Enter(core, item, place) => self.enter(core, item, place),
            Step::Leave(call, bindings) => {
                self.bindings = bindings;
                self.active.pop();
                let value = *self.values.last().expect("a body has a value");
                self.called.insert(call, value);
                Ok(())
            }
        }
    }

    /// The last value, which has to be a number.
    fn number(&mut self, item: ItemId) -> Result<NodeId, Diagnostic> {
        match self.values.pop().expect("an operand was evaluated") {
            (id, Kind::Number) => Ok(id),
            (_, kind) => Err(wrong_kind("what is cast", kind).at(self.file.span(item))),
        }
    }

    fn evaluate(&mut self, item: ItemId, place: Place) -> Result<(), Diagnostic> {
        let file = self.file;
        let span = file.span(item);
        let list = match file.items.item(item) {
            Item::Atom => {
                let value = self.atom(item, place)?;
                self.values.push(value);
                return Ok(());
            }
            Item::Text => {
                let error = Diagnostic::new("a text is no value").at(span);
                return Err(error.help("a formula is made of numbers"));
            }
            Item::List { .. } => file.items.list(item).unwrap_or_default(),
        };
        let Some((&first, operands)) = list.split_first() else {
            return Err(Diagnostic::new("an expression is missing in `()`").at(span));
        };
        if file.items.item(first) != Item::Atom {
            let error = Diagnostic::new("an operation's name is missing here");
            return Err(error.at(file.span(first)));
        }
        let name = file.text(first);
        let count = operands.len();
        match name {
            "let" | "let*" => return self.bindings_of(item, operands, name == "let*", place),
            "!" => {
                let (properties, rest) = file.properties(operands)?;
                let [body] = rest else {
                    let error = Diagnostic::new("`!` takes properties and one expression");
                    return Err(error.at(span));
                };
                let place = place.with(&properties, &file.items, file.sources)?;
                self.steps.push(Step::Evaluate(*body, place));
                return Ok(());
            }
            "cast" => {
                let [operand] = operands else {
                    return Err(wrong_count("cast", "1 operand", count).at(span));
                };
                match self.cast_inside(*operand, place)? {
                    Some((inner, through)) => {
                        self.steps.push(Step::CastThrough(through, item, place));
                        self.steps.push(Step::Evaluate(inner, through));
                    }
                    None => {
                        self.steps.push(Step::Cast(item, place));
                        self.steps.push(Step::Evaluate(*operand, place));
                    }
                }
                return Ok(());
            }
            "if" => {
                if count != 3 {
                    return Err(wrong_count("if", "3 operands", count).at(span));
                }
                self.steps.push(Step::Select(item, place));
            }
            "digits" => {
                let value = digits(file, operands, item)?;
                let id = self.nodes.literal(value, place, item)?;
                self.values.push((id, Kind::Number));
                return Ok(());
            }
            _ => {
                if let Some(kind) = operations::refused(name) {
                    let error = Diagnostic::new(format!("`{name}` makes {kind}"));
                    let help = "ulpscope studies formulas of numbers: unroll it, or take its body";
                    return Err(error.at(file.span(first)).help(help));
                }
                match (operations::operation(name), file.symbols.get(name)) {
                    (_, Some(&core)) => {
                        let wanted = file.cores[core].arguments.len();
                        if wanted != count {
                            let plural = if wanted == 1 { "" } else { "s" };
                            let wanted = format!("{wanted} argument{plural}");
                            return Err(wrong_count(name, &wanted, count).at(span));
                        }
                        self.steps.push(Step::Enter(core, item, place));
                    }
                    (Some(meaning), None) => {
                        check_count(name, &meaning, count).map_err(|error| error.at(span))?;
                        self.steps.push(Step::Apply(meaning, count, item, place));
                    }
                    (None, None) => return Err(unknown(name).at(file.span(first))),
                }
            }
        }
        let operands = operands.iter().rev();
        self.steps
            .extend(operands.map(|&operand| Step::Evaluate(operand, place)));
        Ok(())
    }

    /// `(! :precision … (cast e))`: e, and where it is cast to.
    fn cast_inside(
        &self,
        item: ItemId,
        place: Place,
    ) -> Result<Option<(ItemId, Place)>, Diagnostic> {
        let file = self.file;
        let list = |id| file.items.list(id).unwrap_or_default();
        let [bang, rest @ ..] = list(item) else {
            return Ok(None);
        };
        if file.text(*bang) != "!" {
            return Ok(None);
        }
        let (properties, rest) = file.properties(rest)?;
        let &[body] = rest else { return Ok(None) };
        match list(body) {
            &[cast, inner] if file.text(cast) == "cast" => {
                let through = place.with(&properties, &file.items, file.sources)?;
                Ok(Some((inner, through)))
            }
            _ => Ok(None),
        }
    }

    /// `let` and `let*`.
    fn bindings_of(
        &mut self,
        item: ItemId,
        operands: &[ItemId],
        sequential: bool,
        place: Place,
    ) -> Result<(), Diagnostic> {
        let file = self.file;
        let form = "it is (let ((name value) …) body)";
        let wrong = |message: &str, at: ItemId| {
            Diagnostic::new(message.to_string())
                .at(file.span(at))
                .help(form)
        };
        let &[list, body] = operands else {
            return Err(wrong("`let` takes a list of values and a body", item));
        };
        let Some(list) = file.items.list(list) else {
            return Err(wrong("a list of names with values is missing", list));
        };
        let mut pairs = Vec::with_capacity(list.len());
        for &pair in list {
            match file.items.list(pair) {
                Some(&[name, value]) if file.items.item(name) == Item::Atom => {
                    file.check_name(name)?;
                    pairs.push((name, value));
                }
                _ => return Err(wrong("a name with its value should stand here", pair)),
            }
        }
        let names: Vec<ItemId> = pairs.iter().map(|(name, _)| *name).collect();
        self.steps.push(Step::Unbind(names.clone()));
        self.steps.push(Step::Evaluate(body, place));
        if !sequential {
            self.steps.push(Step::Bind(names));
        }
        for &(name, value) in pairs.iter().rev() {
            if sequential {
                self.steps.push(Step::Bind(vec![name]));
            }
            self.steps.push(Step::Evaluate(value, place));
        }
        Ok(())
    }

    fn enter(&mut self, core: usize, item: ItemId, place: Place) -> Result<(), Diagnostic> {
        let file = self.file;
        let head = &file.cores[core];
        let name = head.symbol.map_or("", |symbol| file.text(symbol));
        if self.active.contains(&core) {
            let error = Diagnostic::new(format!("`{name}` calls itself"));
            return Err(error
                .at(file.span(item))
                .help("a formula has no end where a core needs its own value"));
        }
        // A core that names the same format as the one under study is studied
        // with it.
        let own = file.own_format(&file.cores[self.active[0]])?;
        let its = file.own_format(head)?;
        let inside = if its.is_some() && its == own {
            Place::body(own)
        } else {
            place.with(&head.properties, &file.items, file.sources)?
        };
        let given = self
            .values
            .split_off(self.values.len() - head.arguments.len());
        let mut arguments = Vec::with_capacity(given.len());
        for (argument, (id, kind)) in head.arguments.iter().zip(given) {
            if kind != Kind::Number {
                let error = wrong_kind(&format!("an argument of `{name}`"), kind);
                return Err(error.at(file.span(item)));
            }
            let own = inside.with(&argument.properties, &file.items, file.sources)?;
            arguments.push(if own == inside {
                id
            } else {
                self.nodes.node(Op::Convert, &[id], own.context(), item)?
            });
        }
        let call = (core, arguments, inside);
        if let Some(&known) = self.called.get(&call) {
            self.values.push(known);
            return Ok(());
        }
        let mut bindings = Bindings::new();
        for (argument, &id) in head.arguments.iter().zip(&call.1) {
            let name = file.text(argument.name).to_string();
            bindings.insert(name, vec![(id, Kind::Number)]);
        }
        self.active.push(core);
        let outer = std::mem::replace(&mut self.bindings, bindings);
        self.steps.push(Step::Leave(call, outer));
        self.steps.push(Step::Evaluate(head.body, inside));
        Ok(())
    }

    /// A name or a number.
    fn atom(&mut self, item: ItemId, place: Place) -> Result<Value, Diagnostic> {
        let file = self.file;
        let (text, span) = (file.text(item), file.span(item));
        if let Some(value) = self.bindings.get(text).and_then(|bound| bound.last()) {
            let value = *value;
            self.nodes.add_span(value.0, span);
            return Ok(value);
        }
        if number::begins(text) {
            let value = number::read(text)
                .map_err(|why| Diagnostic::new(format!("`{text}` is no number: {why}")).at(span))?;
            let id = self.nodes.literal(value, place, item)?;
            return Ok((id, Kind::Number));
        }
        match operations::constant(text) {
            Some(value) => self.nodes.constant(value, place, item),
            // Racket's, in which some benchmarks are written.
            None if text == "-inf.0" => {
                let infinity = operations::constant("INFINITY").expect("a constant");
                let (infinity, kind) = self.nodes.constant(infinity, place, item)?;
                let id = self
                    .nodes
                    .node(Op::Neg, &[infinity], place.context(), item)?;
                Ok((id, kind))
            }
            None => {
                let error = Diagnostic::new(format!("`{text}` has no value here")).at(span);
                Err(if operations::operation(text).is_some() {
                    error.help(format!("an operation stands in a list: ({text} …)"))
                } else {
                    error.help("name it among the arguments, or bind it with let")
                })
            }
        }
    }
}

fn unknown(name: &str) -> Diagnostic {
    if operations::is_missing(name) {
        let error = Diagnostic::new(format!("`{name}` is no operation of ulpscope's"));
        return error.help("write it with other operations, as with floor and if");
    }
    let error = Diagnostic::new(format!("there is no operation `{name}`"));
    match operations::near(name) {
        Some(near) => error.help(format!("did you mean {near}?")),
        None => error.help("it is no operation of FPCore, and no core of this text"),
    }
}
