//! The shape that every rendering starts from.

use crate::measure::Bounds;
use crate::study::Figure;
use std::borrow::Cow;

/// Blocks in order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// What to show, from top to bottom.
    pub blocks: Vec<Block>,
}

/// A piece of a document.
#[derive(Clone, Debug)]
pub enum Block {
    /// A title.
    Heading(String),
    /// A paragraph of text.
    Text(String),
    /// A formula and its value, kept on a line of its own, and a word on it.
    Equation(String, &'static str),
    /// A table.
    Table(Table),
}

/// Which edge a column's cells stand at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Align {
    /// The left one: words, and numbers that differ in length.
    Left,
    /// The right one: counts.
    Right,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub struct Column {
    /// What stands above it.
    pub title: Cow<'static, str>,
    /// Its name in CSV, and for choosing columns.
    pub key: Cow<'static, str>,
    /// Where its cells stand.
    pub align: Align,
    /// Whether only CSV has it.
    pub data_only: bool,
    /// Whether it tells the rows apart: it stands in every part of a table that
    /// is too wide for one.
    pub is_key: bool,
}

/// A cell: what fits a table, and the whole of it for CSV.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// For a person.
    pub text: String,
    /// For a program.
    full: Full,
}

/// What a program gets.
#[derive(Clone, Debug, Default)]
enum Full {
    /// The text says all.
    #[default]
    Text,
    /// This.
    Other(String),
    /// All digits of this, which are made when they are asked for.
    Decimal(Figure),
    /// The same in hexadecimal.
    Hex(Figure),
    /// Both bounds of this, likewise.
    Bounds(Bounds),
}

impl Cell {
    /// A cell whose text says all.
    pub fn plain(text: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            full: Full::Text,
        }
    }

    /// A cell with a shorter text for a person.
    pub fn with_full(text: impl Into<String>, full: impl Into<String>) -> Self {
        Cell {
            text: text.into(),
            full: Full::Other(full.into()),
        }
    }

    /// A number, in brief for a person; a dash where there is none.
    pub fn figure(figure: Option<&Figure>) -> Self {
        match figure {
            Some(figure) => Cell {
                text: figure.brief(),
                full: Full::Decimal(figure.clone()),
            },
            None => Cell::plain("—").data_empty(),
        }
    }

    /// A figure between bounds, with a text for a person; a dash where there is
    /// none.
    pub fn bounds(bounds: Option<&Bounds>, text: impl Fn(&Bounds) -> String) -> Self {
        match bounds {
            Some(bounds) => Cell {
                text: text(bounds),
                full: Full::Bounds(bounds.clone()),
            },
            None => Cell::plain("—").data_empty(),
        }
    }

    /// A number in hexadecimal, for programs.
    pub fn hex(figure: Option<&Figure>) -> Self {
        Cell {
            text: String::new(),
            full: figure.map_or(Full::Text, |figure| Full::Hex(figure.clone())),
        }
    }

    /// The same for a person; nothing for a program.
    pub fn data_empty(self) -> Self {
        Cell {
            full: Full::Other(String::new()),
            ..self
        }
    }

    /// The whole of it.
    pub fn full(&self) -> Cow<'_, str> {
        match &self.full {
            Full::Text => Cow::Borrowed(&self.text),
            Full::Other(full) => Cow::Borrowed(full),
            Full::Decimal(figure) => Cow::Owned(figure.decimal()),
            Full::Hex(figure) => Cow::Owned(figure.hex()),
            Full::Bounds(bounds) => Cow::Owned(bounds.full()),
        }
    }

    /// Whether there is nothing to tell a program.
    fn is_empty(&self) -> bool {
        match &self.full {
            Full::Text => self.text.is_empty(),
            Full::Other(full) => full.is_empty(),
            Full::Decimal(_) | Full::Hex(_) | Full::Bounds(_) => false,
        }
    }

    /// What a person sees of it: for a hexadecimal, all.
    pub fn shown(&self) -> Cow<'_, str> {
        match &self.full {
            Full::Hex(figure) => Cow::Owned(figure.hex()),
            _ => Cow::Borrowed(&self.text),
        }
    }
}

/// Rows and columns.
#[derive(Clone, Debug)]
pub struct Table {
    /// The columns, from left to right.
    pub columns: Vec<Column>,
    /// The rows, each as long as the columns are many.
    pub rows: Vec<Vec<Cell>>,
    /// Whether a person sees every column, even those with nothing in them.
    pub keep_empty: bool,
}

impl Table {
    /// Only the columns with these names, in this order; all, where there are no
    /// names.
    pub(super) fn choose(mut self, names: &[String]) -> Table {
        if names.is_empty() {
            return self;
        }
        let index = |name: &String| self.columns.iter().position(|c| c.key == *name);
        let kept: Vec<usize> = names.iter().filter_map(index).collect();
        for row in &mut self.rows {
            *row = kept.iter().map(|&i| std::mem::take(&mut row[i])).collect();
        }
        self.columns = kept.iter().map(|&i| self.columns[i].clone()).collect();
        self.keep_empty = true;
        self
    }

    /// The columns that a person sees, by index.
    pub(super) fn visible(&self) -> Vec<usize> {
        let shown = |index: &usize| {
            self.keep_empty
                || !self.columns[*index].data_only
                    && self.rows.iter().any(|row| !row[*index].is_empty())
        };
        (0..self.columns.len()).filter(shown).collect()
    }

    /// The visible columns in parts that fit a width, with `gap` between
    /// columns: each part begins with the key columns.
    pub(super) fn parts(&self, width: usize, gap: usize) -> Vec<Vec<usize>> {
        let room = |&index: &usize| {
            let cells = self
                .rows
                .iter()
                .map(|row| row[index].shown().chars().count());
            let title = self.columns[index].title.chars().count();
            gap + cells.max().unwrap_or(0).max(title)
        };
        let (keys, others): (Vec<usize>, Vec<usize>) = self
            .visible()
            .into_iter()
            .partition(|&index| self.columns[index].is_key);
        let key_room: usize = keys.iter().map(room).sum();
        let mut parts = vec![keys.clone()];
        let mut used = key_room;
        for index in others {
            let more = room(&index);
            // The gap behind the last column does not show.
            let full = used + more > width + gap;
            if full && parts.last().is_some_and(|part| part.len() > keys.len()) {
                parts.push(keys.clone());
                used = key_room;
            }
            parts.last_mut().expect("there is a part").push(index);
            used += more;
        }
        parts
    }
}
