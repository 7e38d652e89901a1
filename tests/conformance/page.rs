//! The page of figures, `reports/conformance.md`.
//!
//! A suite owns the region between `<!-- suite NAME -->` and `<!-- /suite -->`.
//! What it finds must be what stands there; where the environment variable
//! `CONFORMANCE` is `overwrite`, it is written there instead.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Tests run side by side; one at a time has the page.
static PAGE: Mutex<()> = Mutex::new(());

const END: &str = "<!-- /suite -->";

fn path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("reports/conformance.md")
}

/// Holds the page's region of this name to what a suite found: one or two lines.
///
/// # Panics
/// Where something else stands there, or there is no such region.
pub fn holds(name: &str, found: &str) {
    let _guard = PAGE.lock().unwrap_or_else(PoisonError::into_inner);
    let path = path();
    let page = fs::read_to_string(&path).expect("the page is there");
    let new = replaced(&page, name, found).unwrap_or_else(|wrong| panic!("{wrong}"));
    if new == page {
        return;
    }
    let overwrite = std::env::var("CONFORMANCE").is_ok_and(|value| value == "overwrite");
    assert!(
        overwrite,
        "reports/conformance.md says otherwise in its region `{name}` (CONFORMANCE=overwrite \
         writes what was found):\n{found}"
    );
    // Whoever reads meanwhile sees the old page or the new one, whole.
    let folder = path.parent().expect("a folder");
    let mut file = tempfile::NamedTempFile::new_in(folder).expect("a file beside the page");
    file.write_all(new.as_bytes()).expect("written");
    let permissions = fs::metadata(&path)
        .expect("the page is there")
        .permissions();
    fs::set_permissions(file.path(), permissions).expect("the page's permissions");
    file.persist(&path).expect("renamed");
}

/// The page with another text in one region.
fn replaced(page: &str, name: &str, text: &str) -> Result<String, String> {
    let begin = format!("<!-- suite {name} -->");
    let mut places = page.match_indices(&begin);
    let (Some((at, _)), None) = (places.next(), places.next()) else {
        return Err(format!("the page has not one region `{name}`"));
    };
    let start = at + begin.len();
    let rest = &page[start..];
    let end = rest.find(END).ok_or(format!("`{name}` has no end"))?;
    if rest[..end].contains("<!-- suite ") {
        return Err(format!("`{name}` has no end before the next region"));
    }
    Ok(format!("{}\n{text}\n{}", &page[..start], &rest[end..]))
}

/// The names of a page's regions.
fn names(page: &str) -> Vec<&str> {
    let begins = page.split("<!-- suite ").skip(1);
    begins
        .filter_map(|rest| rest.split(" -->").next())
        .collect()
}

#[test]
fn one_region_changes() {
    let page = "a\n<!-- suite x -->\n1\n<!-- /suite -->\nb\n<!-- suite y -->\n<!-- /suite -->\n";
    let new = replaced(page, "y", "2, 3").unwrap();
    assert_eq!(
        new,
        "a\n<!-- suite x -->\n1\n<!-- /suite -->\nb\n<!-- suite y -->\n2, 3\n<!-- /suite -->\n"
    );
    assert_eq!(replaced(&new, "y", "2, 3").unwrap(), new);
    assert_eq!(replaced(page, "x", "1").unwrap(), page);
    assert!(replaced(page, "z", "").is_err());
    assert!(replaced(&page.replace("y -->", "x -->"), "x", "").is_err());
    assert!(
        replaced(
            "<!-- suite x -->\n<!-- suite y -->\n<!-- /suite -->",
            "x",
            ""
        )
        .is_err()
    );
}

/// A region that no test writes would be a claim that nobody checks.
#[test]
fn every_region_has_a_test() {
    fn sources(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                all.push_str(&fs::read_to_string(&path).expect("a source"));
            }
        }
    }
    let mut all = String::new();
    sources(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("tests"),
        &mut all,
    );
    let page = fs::read_to_string(path()).expect("the page is there");
    let names = names(&page);
    assert!(names.len() > 5, "found only {} regions", names.len());
    for name in names {
        assert!(
            all.contains(&format!("\"{name}\"")),
            "no test writes `{name}`"
        );
    }
}
