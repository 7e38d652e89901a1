//! Where memory cannot be had, the program says so and ends, with exit status 2.
//!
//! Rust's allocator and GMP's, which MPFR uses too, abort the process otherwise,
//! and neither can give an error back. What this cannot help: a stack that cannot
//! grow, and a system that ends processes rather than refuse them memory.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ffi::{c_int, c_void};
use std::io::Write;
use std::path::PathBuf;
use std::sync::Mutex;

unsafe extern "C" {
    fn malloc(size: usize) -> *mut c_void;
    fn realloc(old: *mut c_void, size: usize) -> *mut c_void;
    fn free(old: *mut c_void);
    /// Ends the process at once: no destructors, nothing that might allocate.
    safe fn _exit(status: c_int) -> !;
}

/// The system's allocator for a program that ends cleanly without memory; after
/// [`Memory::watch_gmp`] that holds for GMP and MPFR.
pub struct Memory;

impl Memory {
    /// Has GMP and MPFR end the program as well. It comes before their first use.
    pub fn watch_gmp() {
        // SAFETY: three functions that are C's own but for never giving null, which
        // is what GMP asks for, and what memory it has already got goes with.
        unsafe {
            gmp_mpfr_sys::gmp::set_memory_functions(
                Some(gmp_allocate),
                Some(gmp_reallocate),
                Some(gmp_free),
            );
        }
    }
}

// SAFETY: the system's allocator, which does all; a null is never given back.
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are the system allocator's.
        found(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as above.
        found(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as above.
        found(unsafe { System.realloc(old, layout, size) })
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        // SAFETY: as above.
        unsafe { System.dealloc(old, layout) }
    }
}

extern "C" fn gmp_allocate(size: usize) -> *mut c_void {
    // SAFETY: any size is allowed.
    found(unsafe { malloc(size.max(1)) })
}

unsafe extern "C" fn gmp_reallocate(old: *mut c_void, _: usize, size: usize) -> *mut c_void {
    // SAFETY: GMP gives what it got from the function above, or this one.
    found(unsafe { realloc(old, size.max(1)) })
}

unsafe extern "C" fn gmp_free(old: *mut c_void, _: usize) {
    // SAFETY: as above.
    unsafe { free(old) }
}

#[inline]
fn found<T>(memory: *mut T) -> *mut T {
    if memory.is_null() {
        give_up();
    }
    memory
}

/// Whether so many bytes could be had now. Nothing is kept.
pub fn is_there(bytes: usize) -> bool {
    // SAFETY: C's own, which take any size, and null. A pair of them is nothing to
    // the compiler, unless it does not see that.
    unsafe {
        let memory = std::hint::black_box(malloc(bytes));
        free(memory);
        !memory.is_null()
    }
}

/// A temporary file that is not to be left behind.
static UNFINISHED: Mutex<Option<PathBuf>> = Mutex::new(None);

/// Names the temporary file that is being written, or that there is none any more.
pub fn set_unfinished(path: Option<PathBuf>) {
    let mut unfinished = UNFINISHED.lock().unwrap_or_else(|lock| lock.into_inner());
    *unfinished = path;
}

/// Tells a person and ends the program, without memory.
#[cold]
fn give_up() -> ! {
    const MESSAGE: &[u8] = b"error: there is not enough memory\n  |\n  \
        = help: ask for less at a time (digits, points, precision), or take fewer threads with --jobs\n";
    // A thread that holds the lock is itself about to give up, or done soon.
    if let Ok(unfinished) = UNFINISHED.try_lock()
        && let Some(path) = unfinished.as_ref()
    {
        let _ = std::fs::remove_file(path);
    }
    let _ = std::io::stderr().write_all(MESSAGE);
    _exit(2)
}
