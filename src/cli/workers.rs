//! The threads that long studies run on.

use super::args::Common;
use rayon::{ThreadBuilder, ThreadPoolBuilder};
use rug::float::FreeCache;
use std::io::{Error, ErrorKind};
use std::num::NonZero;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, Builder};

/// Starts the threads: as many as are asked for, or as there are cores, or where
/// the system does not give so many, as it gives. A second call changes nothing.
pub fn start(common: &Common) {
    let cores = || thread::available_parallelism().map_or(1, NonZero::get);
    let wanted = common.jobs.map_or_else(cores, |jobs| jobs as usize);
    let mut threads: Vec<Sender<ThreadBuilder>> = Vec::new();
    while threads.len() < wanted {
        let (work, given) = channel::<ThreadBuilder>();
        let run = move || given.recv().into_iter().for_each(ThreadBuilder::run);
        match Builder::new().spawn(run) {
            Ok(_) => threads.push(work),
            Err(_) => break,
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
