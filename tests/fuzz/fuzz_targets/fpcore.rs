#![no_main]

#[path = "../../fuzzed/properties.rs"]
mod properties;

libfuzzer_sys::fuzz_target!(|text: &str| properties::fpcore(text));
