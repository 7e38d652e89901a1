//! Formulas as FPCore.
//!
//! Reading what is written here gives the same graph, equal nodes being one. An
//! `fl` of the language, which belongs to the exact value too, is a property that
//! other programs do not know: `(! :precision binary32 :ulpscope fl …)`.

use super::context::{FL, ROUNDINGS};
use super::number;
use crate::format::{Format, Rounding};
use crate::formula::{Constant, Context, Diagnostic, Formula, Kind, NodeId, OPS, Op};
use std::collections::{HashMap, HashSet};

/// Deeper than this a value gets a name.
const MAX_DEPTH: usize = 24;

/// What stands around a body.
#[derive(Clone, Debug, Default)]
pub struct CoreHead {
    /// The name that other cores would call it by.
    pub symbol: Option<String>,
    /// Arguments that come first: names here, and as they are to be written.
    pub arguments: Vec<(String, String)>,
    /// Properties with their values.
    pub properties: Vec<(String, String)>,
}

/// Names that have values, by node.
type Names = HashMap<NodeId, String>;

/// A formula, inlined for the ambient context, as a core.
///
/// # Errors
/// Where it has what FPCore has no words for.
pub fn write(formula: &Formula, head: &CoreHead) -> Result<String, Diagnostic> {
    let mut writer = Writer {
        formula,
        names: Names::new(),
        places: vec![None; formula.inputs().len()],
        texts: Vec::with_capacity(formula.nodes().len()),
        depths: Vec::with_capacity(formula.nodes().len()),
        rounds: formula.nodes().iter().any(|node| {
            let cast = match node.op {
                Op::Cast(format) => format.rounding(),
                _ => Rounding::NearestEven,
            };
            [rounding(node.context), cast] != [Rounding::NearestEven; 2]
        }),
    };
    let given = |name: &String| head.arguments.iter().find(|(known, _)| known == name);
    let mut inputs: Vec<String> = Vec::with_capacity(formula.inputs().len());
    for name in formula.inputs() {
        // A variable hides the constant of its name.
        let hides = |text: &str| {
            let constants = formula.nodes().iter().filter_map(|node| match node.op {
                Op::Constant(constant) => Some(constant_name(constant)),
                _ => None,
            });
            constants.into_iter().any(|name| name == text)
        };
        inputs.push(match given(name) {
            Some((_, text)) if hides(text) => {
                let message = format!("the argument `{text}` hides the constant of this name");
                return Err(Diagnostic::new(message).help("give the argument another name"));
            }
            Some((_, text)) => text.clone(),
            None if hides(name) => {
                let mut longer = format!("{name}_");
                while formula.inputs().contains(&longer) {
                    longer.push('_');
                }
                longer
            }
            None => name.clone(),
        });
    }
    writer.find_places();
    let bound = writer.bind(&inputs)?;
    let root = writer.inside(formula.root(), Context::Ambient)?;
    let mut arguments: Vec<String> = Vec::new();
    for (name, text) in &head.arguments {
        if !formula.inputs().contains(name) {
            arguments.push(text.clone());
        }
    }
    let named = inputs.iter().zip(&writer.places);
    let annotated = named.map(|(name, place)| match place {
        None | Some(Context::Ambient) => Ok(name.clone()),
        Some(context) => Ok(format!("({} {name})", writer.bang(*context)?)),
    });
    let annotated: Vec<String> = annotated.collect::<Result<_, Diagnostic>>()?;
    // In the order of the head, then in that of the formula.
    let order = |name: &String| head.arguments.iter().position(|(known, _)| known == name);
    let mut all: Vec<(usize, String)> = formula
        .inputs()
        .iter()
        .zip(annotated)
        .map(|(name, text)| (order(name).unwrap_or(usize::MAX), text))
        .collect();
    for text in arguments {
        let place = head.arguments.iter().position(|(_, own)| *own == text);
        all.push((place.unwrap_or(usize::MAX), text));
    }
    all.sort_by_key(|(place, _)| *place);
    let arguments: Vec<String> = all.into_iter().map(|(_, text)| text).collect();
    let mut text = String::from("(FPCore ");
    if let Some(symbol) = &head.symbol {
        text += &format!("{symbol} ");
    }
    text += &format!("({})", arguments.join(" "));
    for (key, value) in &head.properties {
        text += &format!("\n  {key} {value}");
    }
    if bound.is_empty() {
        text += &format!("\n  {root})");
    } else {
        let pairs: Vec<String> = bound
            .iter()
            .map(|(name, value)| format!("[{name} {value}]"))
            .collect();
        let list = pairs.join("\n         ");
        text += &format!("\n  (let* ({list})\n    {root}))");
    }
    text.push('\n');
    Ok(text)
}

struct Writer<'f> {
    formula: &'f Formula,
    /// Nodes that stand by a name.
    names: Names,
    /// Where inputs are rounded.
    places: Vec<Option<Context>>,
    /// Nodes' texts where the surrounding context is their own.
    texts: Vec<String>,
    depths: Vec<usize>,
    /// Whether some context rounds in another way than to nearest even.
    rounds: bool,
}

impl Writer<'_> {
    /// Inputs that are rounded in one way have that said of the argument; one that
    /// is rounded in several is an exact number, cast where it is needed.
    fn find_places(&mut self) {
        for node in self.formula.nodes() {
            if let Op::Input(index) = node.op {
                let place = &mut self.places[index as usize];
                *place = Some(match *place {
                    Some(known) if known != node.context => Context::Real,
                    _ => node.context,
                });
            }
        }
    }

    /// Writes all nodes; gives the names and values that come first.
    fn bind(&mut self, inputs: &[String]) -> Result<Vec<(String, String)>, Diagnostic> {
        let formula = self.formula;
        let mut uses = vec![0_u32; formula.nodes().len()];
        let mut apart = vec![false; formula.nodes().len()];
        for id in formula.ids() {
            let node = formula.node(id);
            let around = match node.op {
                Op::Cast(format) => Context::Program(format),
                _ => node.context,
            };
            for &operand in formula.operands(id) {
                uses[operand.index()] += 1;
                let inner = formula.node(operand);
                // What is ambient cannot be said inside of another context; and a cast
                // of a cast elsewhere would be read as one cast (not that of an `fl`).
                let lost = inner.context == Context::Ambient && around != Context::Ambient;
                let casts = |op: &Op| matches!(op, Op::Convert | Op::Cast(_));
                let fl = matches!(inner.context, Context::Fixed(_))
                    && (&node.op, &inner.op) == (&Op::Convert, &Op::Convert);
                let casts = casts(&node.op) && casts(&inner.op) && inner.context != around && !fl;
                apart[operand.index()] |= lost || casts;
            }
        }
        let mut taken: HashSet<String> = inputs.iter().cloned().collect();
        taken.extend(["PI", "E", "INFINITY", "NAN"].map(String::from));
        let mut bound = Vec::new();
        let mut next = 0;
        for id in formula.ids() {
            let node = formula.node(id);
            let text = self.node(id, inputs)?;
            let depths = formula.operands(id).iter();
            let depth = depths.map(|operand| match self.names.get(operand) {
                Some(_) => 1,
                None => self.depths[operand.index()] + 1,
            });
            self.depths.push(depth.max().unwrap_or(0));
            self.texts.push(text);
            let is_reference =
                matches!(node.op, Op::Input(index) if self.is_plain(index, node.context));
            if is_reference || id == formula.root() {
                continue;
            }
            let leaf = node.op.is_leaf();
            let own = formula.origin(id).names.first().filter(|_| !leaf);
            let shared = uses[id.index()] > 1 && !leaf;
            if own.is_none() && !shared && !apart[id.index()] && self.depths[id.index()] < MAX_DEPTH
            {
                continue;
            }
            let name = own.filter(|name| !taken.contains(*name)).cloned();
            let name = name.unwrap_or_else(|| {
                loop {
                    next += 1;
                    let name = format!("t{next}");
                    let used = formula
                        .ids()
                        .any(|id| formula.origin(id).names.contains(&name));
                    if !taken.contains(&name) && !used {
                        break name;
                    }
                }
            });
            taken.insert(name.clone());
            bound.push((name.clone(), self.inside(id, Context::Ambient)?));
            self.names.insert(id, name);
        }
        Ok(bound)
    }

    /// Whether an input in this context is a reference to its argument.
    fn is_plain(&self, index: u32, context: Context) -> bool {
        self.places[index as usize] == Some(context)
    }

    /// A node where `around` is the context: by its name, or written out.
    fn inside(&self, id: NodeId, around: Context) -> Result<String, Diagnostic> {
        if let Some(name) = self.names.get(&id) {
            return Ok(name.clone());
        }
        let node = self.formula.node(id);
        let text = &self.texts[id.index()];
        let reference = matches!(node.op, Op::Input(index) if self.is_plain(index, node.context));
        if reference || node.context == around {
            return Ok(text.clone());
        }
        Ok(format!("({} {text})", self.bang(node.context)?))
    }

    /// `! :precision …`.
    fn bang(&self, context: Context) -> Result<String, Diagnostic> {
        let (format, fl) = match context {
            Context::Real => return Ok("! :precision real".to_string()),
            Context::Program(format) => (format, false),
            Context::Fixed(format) => (format, true),
            Context::Ambient | Context::Library => {
                return Err(Diagnostic::new(
                    "FPCore has no word for the arithmetic under study inside of another",
                ));
            }
        };
        let mut text = format!("! :precision {}", precision(&format)?);
        if self.rounds {
            let row = ROUNDINGS.iter().find(|(_, own)| *own == format.rounding());
            let name = row.map_or("nearestEven", |(name, _)| name);
            text += &format!(" :round {name}");
        }
        if fl {
            text += &format!(" {} fl", FL);
        }
        Ok(text)
    }

    /// A node in its own context.
    fn node(&self, id: NodeId, inputs: &[String]) -> Result<String, Diagnostic> {
        let formula = self.formula;
        let node = formula.node(id);
        let place = formula.origin(id).spans.first().copied();
        let missing = |what: String| {
            let error = Diagnostic::new(format!("FPCore has no word for {what}"));
            Err(error.at(place))
        };
        let name = match &node.op {
            Op::Input(index) => {
                let name = &inputs[*index as usize];
                return Ok(match self.is_plain(*index, node.context) {
                    true => name.clone(),
                    false => format!("(cast {name})"),
                });
            }
            Op::Literal(literal) => return Ok(number::write(literal)),
            Op::Constant(constant) => {
                return Ok(constant_name(*constant).to_string());
            }
            Op::Cast(format) => {
                let inner = self.inside(formula.operands(id)[0], Context::Program(*format))?;
                let bang = self.bang(Context::Program(*format))?;
                return Ok(format!("(cast ({bang} (cast {inner})))"));
            }
            Op::Convert => "cast",
            Op::Neg => "-",
            Op::Eq | Op::Ne if formula.kind(formula.operands(id)[0]) == Kind::Predicate => {
                return missing("a comparison of truth values".to_string());
            }
            Op::Round(_) | Op::Error(..) | Op::Ulp(_) | Op::Cause(..) => {
                return missing(format!("`{}`", formula.label(id)));
            }
            Op::Parameter(_) | Op::Call(_) => return missing("a call".to_string()),
            op => match OPS.iter().find(|row| row.op == *op) {
                Some(row) if !row.fpcore.is_empty() => row.fpcore,
                _ => return missing(format!("`{}`", op.name())),
            },
        };
        let operands: Vec<String> = formula
            .operands(id)
            .iter()
            .map(|&operand| self.inside(operand, node.context))
            .collect::<Result<_, _>>()?;
        Ok(format!("({name} {})", operands.join(" ")))
    }
}

fn constant_name(constant: Constant) -> &'static str {
    match constant {
        Constant::Pi => "PI",
        Constant::E => "E",
        Constant::Inf => "INFINITY",
        Constant::Nan => "NAN",
    }
}

/// The name of a format.
fn precision(format: &Format) -> Result<String, Diagnostic> {
    let plain = format.nearest();
    let named = match plain.to_string().as_str() {
        "f16" => "binary16",
        "f32" => "binary32",
        "f64" => "binary64",
        "f80" => "binary80",
        "f128" => "binary128",
        "f256" => "binary256",
        _ => "",
    };
    if !named.is_empty() {
        return Ok(named.to_string());
    }
    // (float e n): e bits of exponent, n in all.
    let stored = format.precision() - 1;
    let exponent = (2..=31).find(|e| format!("e{e}m{stored}").parse() == Ok(plain));
    match exponent {
        Some(e) => Ok(format!("(float {e} {})", e + stored + 1)),
        None => Err(Diagnostic::new(format!(
            "FPCore has no word for the format {format}"
        ))),
    }
}

fn rounding(context: Context) -> Rounding {
    match context {
        Context::Program(format) | Context::Fixed(format) => format.rounding(),
        Context::Ambient | Context::Library | Context::Real => Rounding::NearestEven,
    }
}
