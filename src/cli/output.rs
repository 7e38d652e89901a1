//! Where results go: standard output, and files that appear whole or not at all.

use super::args::{Common, Form};
use super::failure::{Failure, color_on};
use super::memory::set_unfinished;
use crate::report::{self, Document, Style};
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A result in every form that it may be asked for.
pub struct Output {
    /// For a person, and the other forms where they do not differ.
    pub document: Document,
    /// For markdown, LaTeX and HTML, where that differs.
    pub markdown: Option<Document>,
    /// For CSV, where that differs.
    pub table: Option<Document>,
    /// For JSON.
    pub data: Box<dyn Data>,
    /// What the exit status says.
    pub status: Status,
}

/// How a study ended that has a result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// There is nothing to complain about.
    Fine,
    /// A claim does not have the verdict that is expected of it.
    NotAsExpected,
    /// There is no value: it is undefined, or could not be decided.
    NoValue,
}

impl Status {
    /// Whether all claims are as expected.
    pub fn of_claims(as_expected: bool) -> Self {
        match as_expected {
            true => Status::Fine,
            false => Status::NotAsExpected,
        }
    }

    /// The program's exit status.
    pub fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Status::Fine => 0,
            Status::NotAsExpected => 1,
            Status::NoValue => 2,
        })
    }
}

/// What JSON can be made of.
pub trait Data {
    /// The JSON, indented.
    fn json(&self) -> serde_json::Result<String>;
}

impl<T: Serialize> Data for T {
    fn json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self)
    }
}

impl Output {
    /// The text in one form.
    pub fn render(&self, form: Form, style: Style) -> Result<String, Failure> {
        let markdown = self.markdown.as_ref().unwrap_or(&self.document);
        Ok(match form {
            Form::Table => report::terminal(&self.document, style),
            Form::Markdown => report::markdown(markdown),
            Form::Csv => report::csv(self.table.as_ref().unwrap_or(&self.document)),
            Form::Json => {
                let text = self.data.json();
                let mut text =
                    text.map_err(|problem| Failure::usage(format!("no JSON: {problem}")))?;
                text.push('\n');
                text
            }
            Form::Latex => report::latex(markdown),
            Form::Html => report::html(markdown),
        })
    }

    /// Writes the files first, then standard output. Every text is made before
    /// anything is written.
    pub fn write(&self, common: &Common) -> Result<(), Failure> {
        let forms = common
            .export
            .iter()
            .map(|path| form_of(path).map(|form| (path, form)));
        let forms: Vec<_> = forms.collect::<Result<_, _>>()?;
        let texts = forms.into_iter().map(|(path, form)| {
            let text = self.render(form, Style::default())?;
            Ok((path, text))
        });
        let texts: Vec<_> = texts.collect::<Result<_, Failure>>()?;
        let stdout = std::io::stdout();
        let style = Style {
            color: color_on(common.color, stdout.is_terminal()),
            width: terminal_width(&stdout),
        };
        let text = self.render(common.form.unwrap_or(Form::Table), style)?;
        for (path, text) in texts {
            write_whole(path, &text)?;
        }
        write_out(&text)
    }
}

impl Common {
    /// Whether the whole result is asked for, in whatever form.
    pub fn wants_json(&self) -> bool {
        let json = |path: &PathBuf| matches!(form_of(path), Ok(Form::Json));
        self.form == Some(Form::Json) || self.export.iter().any(json)
    }
}

/// The columns of the terminal, or those of any other output.
fn terminal_width(stdout: &std::io::Stdout) -> usize {
    match terminal_size::terminal_size_of(stdout) {
        Some((width, _)) => usize::from(width.0).max(40),
        None => Style::default().width,
    }
}

/// Checks the exports' endings and folders before any work is done.
pub fn check_exports(common: &Common) -> Result<(), Failure> {
    for path in &common.export {
        form_of(path)?;
        let folder = folder_of(path);
        if !folder.is_dir() {
            return Err(Failure::with_help(
                format!(
                    "cannot write {}: there is no folder {}",
                    path.display(),
                    folder.display()
                ),
                "create the folder first, or name another",
            ));
        }
    }
    Ok(())
}

pub fn form_of(path: &Path) -> Result<Form, Failure> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    match ending.map(str::to_ascii_lowercase).as_deref() {
        Some("md" | "markdown") => Ok(Form::Markdown),
        Some("csv") => Ok(Form::Csv),
        Some("json") => Ok(Form::Json),
        Some("tex") => Ok(Form::Latex),
        Some("html" | "htm") => Ok(Form::Html),
        Some("txt") => Ok(Form::Table),
        _ => Err(Failure::with_help(
            format!("no form goes with the name {}", path.display()),
            "the file's ending chooses the form: .md, .csv, .json, .tex, .html or .txt",
        )),
    }
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes a file; see [`WholeFile`].
pub fn write_whole(path: &Path, text: &str) -> Result<(), Failure> {
    let mut file = WholeFile::new(path)?;
    file.write(text.as_bytes())?;
    file.finish()
}

/// A file that is written through a temporary one in the same folder, so that a
/// reader finds the old file or the new one, never a part. A symbolic link stays
/// one: what it leads to is written.
pub struct WholeFile {
    file: tempfile::NamedTempFile,
    path: PathBuf,
    target: PathBuf,
    old: Option<std::fs::Permissions>,
}

impl WholeFile {
    /// Begins to write it.
    pub fn new(path: &Path) -> Result<WholeFile, Failure> {
        let mut builder = tempfile::Builder::new();
        builder.prefix(".ulpscope-");
        // The old file's permissions, or those of any new file (the umask applies).
        let old = std::fs::metadata(path).map(|old| old.permissions()).ok();
        if let Some(permissions) = old.clone().or_else(new_file_permissions) {
            builder.permissions(permissions);
        }
        let target = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let file = builder.tempfile_in(folder_of(&target));
        let file = file.map_err(|problem| cannot_write(path, &problem))?;
        set_unfinished(Some(file.path().to_path_buf()));
        Ok(WholeFile {
            file,
            path: path.to_path_buf(),
            target,
            old,
        })
    }

    /// Writes more of it.
    pub fn write(&mut self, text: &[u8]) -> Result<(), Failure> {
        let written = self.file.write_all(text);
        written.map_err(|problem| cannot_write(&self.path, &problem))
    }

    /// Puts it in its place.
    pub fn finish(self) -> Result<(), Failure> {
        let failed = |problem: std::io::Error| cannot_write(&self.path, &problem);
        if let Some(old) = self.old {
            self.file.as_file().set_permissions(old).map_err(failed)?;
        }
        self.file.as_file().sync_all().map_err(failed)?;
        let placed = self.file.persist(&self.target);
        set_unfinished(None);
        placed.map_err(|problem| failed(problem.error))?;
        Ok(())
    }
}

fn cannot_write(path: &Path, problem: &std::io::Error) -> Failure {
    Failure::usage(format!("cannot write {}: {problem}", path.display()))
}

#[cfg(unix)]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(std::fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn new_file_permissions() -> Option<std::fs::Permissions> {
    None
}

/// Writes to standard output; a closed pipe is no error.
pub fn write_out(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.map_err(write_failed)
}

/// What it means that standard output cannot be written to.
pub fn write_failed(problem: std::io::Error) -> Failure {
    match problem.kind() {
        ErrorKind::BrokenPipe => Failure::ClosedPipe,
        _ => Failure::usage(format!("cannot write the result: {problem}")),
    }
}
