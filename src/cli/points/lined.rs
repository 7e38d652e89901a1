//! Standard output as a file that holds whole lines, even where the disk is full.

use std::fs::File;
use std::io::{ErrorKind, Result, Seek, Write};

/// Standard output, unbuffered: text comes in pieces that are large already.
pub struct Lined {
    out: File,
}

impl Lined {
    pub fn new() -> Result<Lined> {
        Ok(Lined { out: stdout()? })
    }

    /// Writes whole lines. Where only a part of them fits into a file, the piece
    /// of a line at its end is taken back.
    pub fn write(&mut self, text: &[u8]) -> Result<()> {
        let mut written = 0;
        while written < text.len() {
            match self.out.write(&text[written..]) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(bytes) => written += bytes,
                Err(problem) if problem.kind() == ErrorKind::Interrupted => {}
                Err(problem) => {
                    let line = text[..written].iter().rposition(|&byte| byte == b'\n');
                    self.take_back(written - line.map_or(0, |end| end + 1));
                    return Err(problem);
                }
            }
        }
        Ok(())
    }

    /// Takes the last bytes back, if this is a file and they are its end. What
    /// went into a pipe or to a terminal stays.
    fn take_back(&mut self, bytes: usize) {
        let place = self.out.stream_position();
        if let (Ok(place), Ok(about)) = (place, self.out.metadata())
            && about.is_file()
            && about.len() == place
        {
            let whole = place.saturating_sub(bytes as u64);
            // There is an error to tell already.
            let _ = self
                .out
                .set_len(whole)
                .and_then(|()| self.out.seek(std::io::SeekFrom::Start(whole)));
        }
    }
}

#[cfg(unix)]
fn stdout() -> Result<File> {
    use std::os::fd::AsFd;
    Ok(std::io::stdout().as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn stdout() -> Result<File> {
    use std::os::windows::io::AsHandle;
    Ok(std::io::stdout().as_handle().try_clone_to_owned()?.into())
}
