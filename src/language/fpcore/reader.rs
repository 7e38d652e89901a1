//! S-expressions: the text of FPCore as a flat list of items.

use crate::formula::{Diagnostic, SourceId, Span};

/// The index of an item in its [`Items`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ItemId(u32);

/// One piece of the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Item {
    /// A name, a number or a property: what stands between spaces.
    Atom,
    /// A text in quotes.
    Text,
    /// A list, whose items follow each other from the first to before the last.
    List { first: u32, last: u32 },
}

/// All items of a text; those of a list stand behind each other.
#[derive(Clone, Debug, Default)]
pub struct Items {
    items: Vec<(Item, Span)>,
    /// The items of all lists.
    inside: Vec<ItemId>,
}

impl Items {
    /// Reads a text; gives the items that stand in no list.
    ///
    /// # Errors
    /// Where a bracket or a quote has no other half, or a character means nothing.
    pub fn read(text: &str, source: SourceId) -> Result<(Items, Vec<ItemId>), Diagnostic> {
        let span = |start: usize, end: usize| Span {
            source,
            start: start as u32,
            end: end as u32,
        };
        let mut all = Items::default();
        // Open lists: where they begin, their bracket, and their items so far.
        let mut open: Vec<(usize, char)> = Vec::new();
        let mut pending: Vec<ItemId> = Vec::new();
        let mut starts: Vec<usize> = Vec::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if c.is_whitespace() || c == '\u{feff}' => {}
                ';' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
                '(' | '[' => {
                    open.push((at, c));
                    starts.push(pending.len());
                }
                ')' | ']' => {
                    let place = span(at, at + 1);
                    let Some((begin, bracket)) = open.pop() else {
                        let error = Diagnostic::new(format!("nothing is open that `{c}` closes"));
                        return Err(error.at(place));
                    };
                    let fits = (bracket == '(') == (c == ')');
                    if !fits {
                        let error = Diagnostic::new(format!("`{c}` closes a `{bracket}`"));
                        return Err(error.at(span(begin, at + 1)));
                    }
                    let first = all.inside.len() as u32;
                    let inner = starts.pop().unwrap_or_default();
                    all.inside.extend(pending.drain(inner..));
                    let last = all.inside.len() as u32;
                    pending.push(all.push(Item::List { first, last }, span(begin, at + 1)));
                }
                '"' => {
                    let mut end = None;
                    while let Some((at, c)) = chars.next() {
                        match c {
                            '\\' => drop(chars.next()),
                            '"' => {
                                end = Some(at + 1);
                                break;
                            }
                            _ => {}
                        }
                    }
                    let Some(end) = end else {
                        let error = Diagnostic::new("this text has no end").at(span(at, at + 1));
                        return Err(error.help("a text ends with a second \""));
                    };
                    pending.push(all.push(Item::Text, span(at, end)));
                }
                _ if is_atom(c) => {
                    let mut end = at + c.len_utf8();
                    while let Some((at, c)) = chars.next_if(|(_, c)| is_atom(*c)) {
                        end = at + c.len_utf8();
                    }
                    pending.push(all.push(Item::Atom, span(at, end)));
                }
                _ => {
                    let error =
                        Diagnostic::new(format!("`{}` has no meaning in FPCore", c.escape_debug()));
                    return Err(error.at(span(at, at + c.len_utf8())));
                }
            }
        }
        match open.last() {
            None => Ok((all, pending)),
            Some(&(at, bracket)) => {
                let error = Diagnostic::new(format!("this `{bracket}` is not closed"));
                Err(error.at(span(at, at + 1)))
            }
        }
    }

    fn push(&mut self, item: Item, span: Span) -> ItemId {
        self.items.push((item, span));
        ItemId(self.items.len() as u32 - 1)
    }

    /// What an item is.
    pub fn item(&self, id: ItemId) -> Item {
        self.items[id.0 as usize].0
    }

    /// Where it stands.
    pub fn span(&self, id: ItemId) -> Span {
        self.items[id.0 as usize].1
    }

    /// The items of a list; `None` for what is no list.
    pub fn list(&self, id: ItemId) -> Option<&[ItemId]> {
        match self.item(id) {
            Item::List { first, last } => Some(&self.inside[first as usize..last as usize]),
            Item::Atom | Item::Text => None,
        }
    }
}

/// Whether a character may stand in a name or a number.
fn is_atom(c: char) -> bool {
    !c.is_whitespace() && !c.is_control() && !matches!(c, '(' | ')' | '[' | ']' | '"' | ';')
}
