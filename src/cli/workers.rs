//! The threads that long studies run on.

use super::args::Common;
use super::memory::is_there;
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use rug::float::FreeCache;
use std::io::{Error, ErrorKind};
use std::num::NonZero;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Builder};

/// What is left for the work before a thread starts: more than the 64 MB that C
/// may set apart for one thread, so that it is asked of the system.
const HEADROOM: usize = 96 << 20;

/// Starts the threads: as many as are asked for, or as there are cores, or where
/// there is not the memory for so many, as there is. A second call changes nothing.
pub fn start(common: &Common) {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let wanted = common.jobs.map_or_else(cores, |jobs| jobs as usize);
    let mut threads: Vec<Sender<ThreadBuilder>> = Vec::new();
    while threads.len() < wanted && is_there(HEADROOM) {
        let (work, given) = channel::<ThreadBuilder>();
        let (begin, begun) = channel::<()>();
        let run = move || {
            // Sending takes memory: what a thread needs for itself it has then.
            let _ = begin.send(());
            given.recv().into_iter().for_each(ThreadBuilder::run);
        };
        match Builder::new().spawn(run).map(|_| begun.recv()) {
            Ok(Ok(())) => threads.push(work),
            _ => break,
        }
    }
    let builder = ThreadPoolBuilder::new()
        .num_threads(threads.len().max(1))
        // MPFR keeps its constants for each thread.
        .exit_handler(|_| rug::float::free_cache(FreeCache::Local));
    // An error means that there are threads already.
    let _ = if threads.is_empty() {
        builder.use_current_thread().build_global()
    } else {
        let spawn = |work: ThreadBuilder| {
            let gone = || Error::from(ErrorKind::WouldBlock);
            let thread = threads.pop().ok_or_else(gone)?;
            thread.send(work).map_err(|_| gone())
        };
        builder.spawn_handler(spawn).build_global()
    };
}
