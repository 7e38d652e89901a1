//! The cores of a text: their heads, and their bodies yet to be read.

use super::context::Place;
use super::number;
use super::reader::{Item, ItemId, Items};
use crate::format::Format;
use crate::formula::{Diagnostic, Sources, Span};
use std::collections::HashMap;

/// Keys and their values.
pub type Properties = Vec<(ItemId, ItemId)>;

/// An argument of a core.
#[derive(Clone, Debug)]
pub struct Argument {
    /// Its name.
    pub name: ItemId,
    /// What it is annotated with.
    pub properties: Properties,
}

/// `(FPCore name (arguments) properties body)`.
#[derive(Clone, Debug)]
pub struct Head {
    /// The whole of it.
    pub item: ItemId,
    /// The name that other cores call it by.
    pub symbol: Option<ItemId>,
    pub arguments: Vec<Argument>,
    pub properties: Properties,
    pub body: ItemId,
}

/// A text of cores.
pub struct File<'a> {
    pub sources: &'a Sources,
    pub items: Items,
    pub cores: Vec<Head>,
    /// Cores by the names that others call them by.
    pub symbols: HashMap<&'a str, usize>,
}

impl<'a> File<'a> {
    /// Reads the cores of a text.
    ///
    /// # Errors
    /// Where it is no text of cores.
    pub fn read(
        sources: &'a Sources,
        items: Items,
        top: &[ItemId],
    ) -> Result<File<'a>, Diagnostic> {
        let mut file = File {
            sources,
            items,
            cores: Vec::new(),
            symbols: HashMap::new(),
        };
        for &item in top {
            let head = file.head(item)?;
            if let Some(symbol) = head.symbol {
                let name = file.text(symbol);
                if file.symbols.insert(name, file.cores.len()).is_some() {
                    let error = Diagnostic::new(format!("there is a core `{name}` already"));
                    return Err(error.at(file.items.span(symbol)));
                }
            }
            file.cores.push(head);
        }
        Ok(file)
    }

    /// The text of an item.
    pub fn text(&self, id: ItemId) -> &'a str {
        self.sources.text(self.items.span(id))
    }

    pub fn span(&self, id: ItemId) -> Span {
        self.items.span(id)
    }

    fn head(&self, item: ItemId) -> Result<Head, Diagnostic> {
        let whole = self.span(item);
        let form = "a core is (FPCore name (arguments) :property value … body)";
        let wrong = |message: &str, span: Span| Err(Diagnostic::new(message).at(span).help(form));
        let Some(list) = self.items.list(item) else {
            return wrong("a core should stand here", whole);
        };
        let mut rest = list.iter().copied();
        match rest.next() {
            Some(first) if self.text(first) == "FPCore" => {}
            Some(first) => return wrong("this is no core", self.span(first)),
            None => return wrong("this is no core", whole),
        }
        let mut next = rest.next();
        let symbol = next.filter(|&id| self.items.item(id) == Item::Atom);
        if symbol.is_some() {
            next = rest.next();
        }
        let Some(arguments) = next.and_then(|id| self.items.list(id)) else {
            return wrong("the arguments of this core are missing", whole);
        };
        let mut known: Vec<Argument> = Vec::with_capacity(arguments.len());
        for &argument in arguments {
            let argument = self.argument(argument)?;
            self.check_name(argument.name)?;
            let name = self.text(argument.name);
            if known.iter().any(|other| self.text(other.name) == name) {
                let error = Diagnostic::new(format!("there are two arguments `{name}`"));
                return Err(error.at(self.span(argument.name)));
            }
            known.push(argument);
        }
        let behind: Vec<ItemId> = rest.collect();
        let (properties, rest) = self.properties(&behind)?;
        match rest {
            [body] => Ok(Head {
                item,
                symbol,
                arguments: known,
                properties,
                body: *body,
            }),
            [] => wrong("this core has no body", whole),
            [_, second, ..] => wrong("a core has one body, and this is more", self.span(*second)),
        }
    }

    fn argument(&self, id: ItemId) -> Result<Argument, Diagnostic> {
        if self.items.item(id) == Item::Atom {
            return Ok(Argument {
                name: id,
                properties: Vec::new(),
            });
        }
        let span = self.span(id);
        let list = self.items.list(id).unwrap_or_default();
        if list.first().is_some_and(|&first| self.text(first) == "!") {
            let (properties, rest) = self.properties(&list[1..])?;
            if let [name] = rest
                && self.items.item(*name) == Item::Atom
            {
                return Ok(Argument {
                    name: *name,
                    properties,
                });
            }
        } else if list.len() > 1 && self.items.item(list[0]) == Item::Atom {
            // (A n m): an array.
            let error = Diagnostic::new("this argument is a tensor").at(span);
            return Err(error.help("formulas are made of numbers: name each of them"));
        }
        let error = Diagnostic::new("this is no argument").at(span);
        Err(error.help("an argument is a name, or (! :precision binary32 name)"))
    }

    /// Refuses the name of a variable that is a number or a property.
    ///
    /// # Errors
    /// Where it is one.
    pub fn check_name(&self, name: ItemId) -> Result<(), Diagnostic> {
        let text = self.text(name);
        if number::begins(text) || text.starts_with(':') {
            let error = Diagnostic::new(format!("`{text}` is no name for a variable"));
            return Err(error.at(self.span(name)));
        }
        Ok(())
    }

    /// Properties with their values at the beginning of a list, and the rest.
    pub fn properties<'l>(
        &self,
        list: &'l [ItemId],
    ) -> Result<(Properties, &'l [ItemId]), Diagnostic> {
        let mut rest = list;
        let mut properties = Properties::new();
        while let [key, more @ ..] = rest
            && self.items.item(*key) == Item::Atom
            && self.text(*key).starts_with(':')
        {
            let [value, behind @ ..] = more else {
                let name = self.text(*key);
                let error = Diagnostic::new(format!("the property {name} has no value"));
                return Err(error.at(self.span(*key)));
            };
            properties.push((*key, *value));
            rest = behind;
        }
        Ok((properties, rest))
    }

    /// The value of a property.
    pub fn property(&self, properties: &Properties, key: &str) -> Option<ItemId> {
        let found = properties
            .iter()
            .find(|(known, _)| self.text(*known) == key);
        found.map(|&(_, value)| value)
    }

    /// The format that a core names for itself.
    ///
    /// # Errors
    /// Where it names none that is known.
    pub fn own_format(&self, core: &Head) -> Result<Option<Format>, Diagnostic> {
        let place = Place::default().with(&core.properties, &self.items, self.sources)?;
        Ok(place.format())
    }
}
