//! The tables of documents as CSV.

use crate::report::document::{Block, Document};

/// The tables of a document as CSV, every digit in it; no text.
pub fn csv(document: &Document) -> String {
    let mut out = String::new();
    for block in &document.blocks {
        let Block::Table(table) = block else { continue };
        if !out.is_empty() {
            out.push('\n');
        }
        let mut writer = csv::Writer::from_writer(Vec::new());
        let titles = table.columns.iter().map(|column| column.key.as_ref());
        let written = writer.write_record(titles).and_then(|()| {
            table.rows.iter().try_for_each(|row| {
                writer.write_record(row.iter().map(|cell| cell.full().into_owned()))
            })
        });
        let bytes = written
            .ok()
            .and_then(|()| writer.into_inner().ok())
            .expect("rows of one length, written to memory");
        out.push_str(&String::from_utf8(bytes).expect("made of text"));
    }
    out
}
