//! `ulpscope convert`.

use super::args::{Common, ConvertArguments, Language};
use super::failure::Failure;
use super::output::{Status, write_out};
use super::session::Session;
use crate::formula::{Context, Diagnostic, Formula};
use crate::language::{Core, CoreHead, Definitions, write_fpcore};

/// Writes formulas in another language.
pub fn run(
    common: &Common,
    definitions: Definitions,
    arguments: &ConvertArguments,
) -> Result<Status, Failure> {
    let mut session = Session::new(common, definitions)?;
    let whole_file = arguments.expression.is_none() && session.chosen_core().is_none();
    let cores = session.all_cores();
    let to_fpcore = match arguments.to {
        Some(language) => language == Language::Fpcore,
        None => arguments.expression.is_some(),
    };
    if whole_file && to_fpcore && !cores.is_empty() {
        if arguments.name.is_some() {
            return Err(Failure::with_help(
                format!("there are {} cores for one name", cores.len()),
                "leave --name out, or choose one core: --fpcore FILE:CORE",
            ));
        }
        let mut text = String::new();
        for core in &cores {
            if let Some(why) = &core.refused {
                // As it is written.
                let own = session.definitions.sources().text(core.span);
                text += &format!("; {}\n{own}\n\n", why.message);
                continue;
            }
            let expression = core.call(&core.name);
            text += &core_of(&mut session, &expression, Some(core), None)?;
            text.push('\n');
        }
        write_out(text.trim_end_matches('\n'))?;
        write_out("\n")?;
        return Ok(Status::Fine);
    }
    let expression = session.expression(arguments.expression.as_ref())?;
    let core = match arguments.expression {
        Some(_) => None,
        None => session.chosen_core().cloned(),
    };
    let name = arguments.name.as_deref();
    if let Some(name) = name {
        let plain =
            |c: char| c.is_alphanumeric() || c == '_' || (to_fpcore && "-+*.'?!".contains(c));
        let first = name.chars().next();
        if !name.chars().all(plain) || first.is_none_or(|c| c.is_numeric()) {
            return Err(Failure::with_help(
                format!("`{name}` is no name"),
                "a name begins with a letter, and is of letters, digits and _",
            ));
        }
    }
    let text = if to_fpcore {
        core_of(&mut session, &expression, core.as_ref(), name)?
    } else {
        definition_of(&mut session, &expression, core.as_ref(), name)?
    };
    write_out(&text)?;
    Ok(Status::Fine)
}

fn graph(definitions: &mut Definitions, expression: &str) -> Result<Formula, Diagnostic> {
    definitions
        .formula("expression", expression)?
        .inline(Context::Ambient)
}

/// A text, if what was read of it is the formula.
fn if_same(text: String, again: Option<Formula>, formula: &Formula) -> Result<String, Failure> {
    let same = again.is_some_and(|again| again.is_same(formula).unwrap_or(false));
    match same {
        true => Ok(text),
        false => Err(Failure::with_help(
            "this formula cannot be written so that it reads back to the same",
            format!("it would be\n{text}"),
        )),
    }
}

/// An expression as a core.
fn core_of(
    session: &mut Session<'_>,
    expression: &str,
    core: Option<&Core>,
    name: Option<&str>,
) -> Result<String, Failure> {
    let formula = graph(&mut session.definitions, expression);
    let formula = session.check(formula)?;
    let mut head = CoreHead::default();
    match core {
        Some(core) => {
            let names = core.arguments.iter().cloned();
            head.arguments = names.zip(core.argument_texts.iter().cloned()).collect();
            head.properties = core.properties.clone();
            head.symbol = core.symbol.clone();
        }
        None => {
            let title = expression.trim().replace('\\', "\\\\").replace('"', "\\\"");
            let title: Vec<&str> = title.split_whitespace().collect();
            let title = format!("\"{}\"", title.join(" "));
            head.properties.push((":name".to_string(), title));
        }
    }
    if let Some(name) = name {
        head.symbol = Some(name.to_string());
    }
    let text = write_fpcore(&formula, &head);
    let text = session.check(text)?;
    let mut fresh = Definitions::new();
    let again = fresh.add_fpcore("converted", &text).and_then(|read| {
        let own = match read.as_slice() {
            [own] => own,
            _ => return Ok(None),
        };
        if let Some(why) = &own.refused {
            return Err(why.clone());
        }
        let inputs = match core {
            Some(core) => core.arguments.join(", "),
            None => formula.inputs().join(", "),
        };
        let call = format!("{}({inputs})", own.name);
        graph(&mut fresh, &call).map(Some)
    });
    if_same(text, again.ok().flatten(), &formula)
}

/// An expression as definitions of the language.
fn definition_of(
    session: &mut Session<'_>,
    expression: &str,
    core: Option<&Core>,
    name: Option<&str>,
) -> Result<String, Failure> {
    let formula = graph(&mut session.definitions, expression);
    let formula = session.check(formula)?;
    let written = session.check(formula.write())?;
    let name = name.or(core.map(|core| core.name.as_str()));
    let name = name.unwrap_or("result");
    let mut text = String::new();
    if let Some(core) = core {
        for (key, value) in &core.properties {
            let value: Vec<&str> = value.split_whitespace().collect();
            text += &format!("# {key} {}\n", value.join(" "));
        }
    }
    for (part, value) in written.named.iter().chain(&written.parts) {
        text += &format!("{part} = {value}\n");
    }
    text += &format!("{name} = {}\n", written.expression);
    let mut fresh = Definitions::new();
    let again = fresh
        .add("converted", &text)
        .and_then(|()| graph(&mut fresh, name));
    if_same(text, again.ok(), &formula)
}
