//! How far a long study is.

/// Hears how far a study is; told from several threads.
pub trait Progress: Sync {
    /// So many steps there will be.
    fn begin(&self, steps: u64);
    /// So many more are done.
    fn advance(&self, steps: u64);
}

/// Nobody listens.
#[derive(Clone, Copy, Debug)]
pub struct Silent;

impl Progress for Silent {
    fn begin(&self, _: u64) {}
    fn advance(&self, _: u64) {}
}
