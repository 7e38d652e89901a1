//! Names of cores and arguments as names of the language.

use super::super::lexer::is_name;

/// A text without its quotes.
pub fn unquoted(text: &str) -> String {
    let inner = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    match inner {
        Some(inner) => inner.replace("\\\"", "\"").replace("\\\\", "\\"),
        None => text.to_string(),
    }
}

/// A name of the language from any text.
pub fn identifier(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for c in text.chars() {
        let mut buffer = [0; 4];
        let kept = is_name(&format!("a{}", c.encode_utf8(&mut buffer)));
        if kept {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    match name {
        "" => "core".to_string(),
        name if is_name(name) => name.to_string(),
        name => format!("core_{}", name.trim_start_matches('_')),
    }
}
