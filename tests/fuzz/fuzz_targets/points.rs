#![no_main]

#[path = "../../fuzzed/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|table: &[u8]| properties::points(table));
