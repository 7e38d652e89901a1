//! Lines of a text as it streams in, of bounded length.

use std::io::{self, BufRead};
use std::ops::Range;

/// The most bytes of a line.
pub const MAX_LINE: usize = 1 << 20;

/// Lines that go together, with their numbers.
#[derive(Debug, Default)]
pub struct Batch {
    text: Vec<u8>,
    lines: Vec<(u64, Option<Range<usize>>)>,
}

impl Batch {
    /// Each line's number and its text without the line's end; `None` for one
    /// that is too long.
    pub fn lines(&self) -> impl Iterator<Item = (u64, Option<&[u8]>)> {
        let text = |range: &Option<Range<usize>>| range.clone().map(|range| &self.text[range]);
        self.lines
            .iter()
            .map(move |(number, range)| (*number, text(range)))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

/// Reads lines, and counts them.
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// The lines of a text; a byte order mark before the first is passed over.
    pub fn new(mut reader: R) -> io::Result<Self> {
        const MARK: &[u8] = b"\xef\xbb\xbf";
        if reader.fill_buf()?.starts_with(MARK) {
            reader.consume(MARK.len());
        }
        Ok(Lines { reader, number: 0 })
    }

    /// Up to so many lines, or so many bytes, whichever comes first; blank ones
    /// are left out. Empty at the end.
    pub fn batch(&mut self, lines: usize, bytes: usize) -> io::Result<Batch> {
        let mut batch = Batch::default();
        while batch.lines.len() < lines && batch.text.len() < bytes {
            let start = batch.text.len();
            let Some(whole) = self.line(&mut batch.text)? else {
                break;
            };
            if !whole {
                batch.text.truncate(start);
                batch.lines.push((self.number, None));
                continue;
            }
            let mut end = batch.text.len();
            while end > start && matches!(batch.text[end - 1], b'\n' | b'\r') {
                end -= 1;
            }
            if batch.text[start..end].iter().all(u8::is_ascii_whitespace) {
                batch.text.truncate(start);
            } else {
                batch.lines.push((self.number, Some(start..end)));
            }
        }
        Ok(batch)
    }

    /// Reads a line behind what is there; whether all of it, or `None` at the end.
    /// What is longer than [`MAX_LINE`] is passed over.
    fn line(&mut self, text: &mut Vec<u8>) -> io::Result<Option<bool>> {
        let start = text.len();
        let mut whole = true;
        let mut any = false;
        loop {
            let buffer = self.reader.fill_buf()?;
            if buffer.is_empty() {
                break;
            }
            any = true;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let length = end.map_or(buffer.len(), |end| end + 1);
            if text.len() - start + length <= MAX_LINE + 2 {
                text.extend_from_slice(&buffer[..length]);
            } else {
                whole = false;
            }
            self.reader.consume(length);
            if end.is_some() {
                break;
            }
        }
        self.number += u64::from(any);
        Ok(any.then_some(whole))
    }
}

/// The cells of a line of CSV, each passed on without the spaces around it.
pub fn cells(line: &str, mut each: impl FnMut(&str)) {
    if !line.contains('"') {
        line.split(',').for_each(|cell| each(cell.trim()));
        return;
    }
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(line.as_bytes());
    let mut record = csv::StringRecord::new();
    if matches!(reader.read_record(&mut record), Ok(true)) {
        record.iter().for_each(|cell| each(cell.trim()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::BufReader;

    #[test]
    fn lines_are_numbered_and_long_ones_named() {
        let long = "9".repeat(2 * MAX_LINE);
        let text = format!("\u{feff}a,b\r\n\n1,2\n{long}\n \n3,4");
        let reader = BufReader::with_capacity(100, text.as_bytes());
        let mut lines = Lines::new(reader).unwrap();
        let mut seen = Vec::new();
        loop {
            let batch = lines.batch(2, 1 << 16).unwrap();
            if batch.is_empty() {
                break;
            }
            for (number, line) in batch.lines() {
                let line = line.map(|line| String::from_utf8(line.to_vec()).unwrap());
                seen.push((number, line));
            }
        }
        let text = |text: &str| Some(text.to_string());
        let wanted = vec![
            (1, text("a,b")),
            (3, text("1,2")),
            (4, None),
            (6, text("3,4")),
        ];
        assert_eq!(seen, wanted);
    }

    #[test]
    fn cells_may_be_quoted() {
        let mut all = Vec::new();
        cells(" 1 ,\"2\",,3", |cell| all.push(cell.to_string()));
        assert_eq!(all, ["1", "2", "", "3"]);
    }
}
