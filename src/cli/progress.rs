//! A bar on the terminal for what takes long.

use super::args::Common;
use crate::study::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Work that ends sooner shows no bar.
const PATIENCE: Duration = Duration::from_millis(500);

/// How often the bar moves.
const PACE: Duration = Duration::from_millis(100);

/// A bar on standard error, if that is a terminal and nobody wants quiet.
pub struct Bar {
    bar: ProgressBar,
    wanted: bool,
    begun: Instant,
    /// When it may be drawn again, in milliseconds since the beginning.
    next: AtomicU64,
    done: AtomicU64,
    total: AtomicU64,
}

impl Bar {
    /// A bar that does not show yet.
    pub fn new(common: &Common) -> Self {
        Bar {
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            wanted: !common.quiet && std::io::stderr().is_terminal(),
            begun: Instant::now(),
            next: AtomicU64::new(PATIENCE.as_millis() as u64),
            done: AtomicU64::new(0),
            total: AtomicU64::new(0),
        }
    }

    /// Takes it off the terminal.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn begin(&self, steps: u64) {
        self.total.store(steps, Ordering::Relaxed);
    }

    fn advance(&self, steps: u64) {
        let done = self.done.fetch_add(steps, Ordering::Relaxed) + steps;
        if !self.wanted {
            return;
        }
        let now = self.begun.elapsed().as_millis() as u64;
        let next = self.next.load(Ordering::Relaxed);
        if now < next {
            return;
        }
        // One of the threads that come here draws.
        let later = now + PACE.as_millis() as u64;
        let mine = self
            .next
            .compare_exchange(next, later, Ordering::Relaxed, Ordering::Relaxed);
        if mine.is_err() {
            return;
        }
        if self.bar.is_hidden() {
            let style = ProgressStyle::with_template("{wide_bar} {pos}/{len}, {eta} left");
            self.bar
                .set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
        self.bar.set_length(self.total.load(Ordering::Relaxed));
        self.bar.set_position(done);
    }
}
