//! Conformance: the program against data that it did not make.
//!
//! Each module is one suite. Its check is a function of an implementation: the
//! library's own must agree with every case, and seeded faults must each be
//! caught by the same data, so that a suite that sees nothing cannot pass. What
//! a suite finds stands in `reports/conformance.md`, in a region of its own
//! ([`page`]). The data are read in place ([`suites`]); without them nothing is
//! tested and the page is not looked at.

mod classics;
mod decimal_parsing;
mod f16_functions;
mod faults;
mod flags;
mod fpcore;
mod itf1788;
mod page;
mod small_formats;
mod suites;
mod testfloat;
mod worst_cases;
