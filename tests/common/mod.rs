//! What several tests of the language need.

use std::collections::HashSet;
use ulpscope::formula::{Context, Formula, NodeId, Op};

/// A formula in one line: operations in prefix form, a context other than the
/// ambient one behind `@`, `name:` before a named node where it stands first
/// and `name` alone afterwards.
pub fn shape(formula: &Formula) -> String {
    fn write(formula: &Formula, id: NodeId, seen: &mut HashSet<NodeId>, out: &mut String) {
        let node = formula.node(id);
        if let Some(name) = formula.origin(id).names.first() {
            out.push_str(name);
            if !seen.insert(id) {
                return;
            }
            out.push(':');
        }
        let head = match &node.op {
            Op::Input(index) => formula.inputs()[*index as usize].clone(),
            Op::Parameter(index) => format!("${index}"),
            Op::Literal(literal) => literal.text().to_string(),
            Op::Call(index) => format!("{}()", formula.functions()[*index as usize].name),
            Op::Cast(format) => format!("cast[{format}]"),
            Op::Round(format) => format!("round[{format}]"),
            op => op.name().to_string(),
        };
        let operands = formula.operands(id);
        if !operands.is_empty() {
            out.push('(');
        }
        out.push_str(&head);
        match node.context {
            Context::Ambient => {}
            Context::Library => out.push_str("@library"),
            Context::Real => out.push_str("@real"),
            Context::Fixed(format) => out.push_str(&format!("@{format}")),
            Context::Program(format) => out.push_str(&format!("@program {format}")),
        }
        for &operand in operands {
            out.push(' ');
            write(formula, operand, seen, out);
        }
        if !operands.is_empty() {
            out.push(')');
        }
    }
    let mut out = String::new();
    write(formula, formula.root(), &mut HashSet::new(), &mut out);
    out
}
