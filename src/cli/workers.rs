//! The threads that long studies run on.

use super::args::Common;
use rug::float::FreeCache;

/// Says how many threads there are to be, before the first one is needed; they
/// start when they are. A second call changes nothing.
pub fn start(common: &Common) {
    let builder = rayon::ThreadPoolBuilder::new()
        .num_threads(common.jobs.unwrap_or(0) as usize)
        // MPFR keeps its constants for each thread.
        .exit_handler(|_| rug::float::free_cache(FreeCache::Local));
    // Where no threads can be had, rayon works with what it gets.
    let _ = builder.build_global();
}
