//! Scans against other routes.
