//! Random numbers of a format that lie in its corners more often than not.

use rug::float::Special;
use rug::{Float, Integer};
use ulpscope::format::Format;

/// The seed of every test here; another may be set in `ULPSCOPE_SEED`.
const SEED: u64 = 0x5eed_0001;

/// SplitMix64 (Steele, Lea and Flood, *Fast Splittable Pseudorandom Number
/// Generators*, OOPSLA 2014).
pub struct Random {
    state: u64,
    seed: u64,
}

impl Random {
    pub fn new() -> Random {
        let seed = std::env::var("ULPSCOPE_SEED").map_or(SEED, |text| {
            text.parse().expect("ULPSCOPE_SEED is a whole number")
        });
        Random { state: seed, seed }
    }

    /// To be shown where a test fails.
    pub fn seed(&self) -> String {
        format!("seed {}", self.seed)
    }

    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `bound`. (Uniform but for 2^-32 or so.)
    pub fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    fn wide(&mut self) -> u128 {
        u128::from(self.next()) << 64 | u128::from(self.next())
    }

    /// The bits behind the leading one.
    fn fraction(&mut self, width: u32) -> u128 {
        let all = (1_u128 << width) - 1;
        let bit = self.below(width);
        match self.below(9) {
            0 => 0,
            1 => all,
            2 => 1 << bit,
            3 => all ^ 1 << bit,
            4 => (1 << bit) - 1,
            5 => all ^ ((1 << bit) - 1),
            _ => self.wide() & all,
        }
    }

    /// A number of a format with at most 128 bits, NaN and infinities included.
    pub fn number(&mut self, format: &Format) -> Float {
        // The exponent field: 0 for subnormals, `top` for what is above emax.
        let top = (format.emax() - format.emin() + 2) as u32;
        let one = (1 - format.emin()) as u32;
        let near = self.below(2 * format.precision() + 6);
        let field = match self.below(10) {
            0 => 0,
            1 => 1,
            2 => near.min(top),
            3 => top,
            4 => top - 1,
            5..=7 => (one + near).saturating_sub(format.precision() + 3).min(top),
            _ => self.below(top + 1),
        };
        self.with_field(format, field)
    }

    /// A number whose exponent is that of `x` or near it.
    pub fn near(&mut self, format: &Format, x: &Float) -> Float {
        let top = (format.emax() - format.emin() + 2) as u32;
        let Some(e) = ulpscope::format::exponent(x) else {
            return self.number(format);
        };
        let field = (e - format.emin() + 1).max(0) as u32 + self.below(5);
        self.with_field(format, field.saturating_sub(2).min(top))
    }

    fn with_field(&mut self, format: &Format, field: u32) -> Float {
        let stored = format.precision() - 1;
        let ordinal = Integer::from(self.fraction(stored)) | Integer::from(field) << stored;
        let mut x = format
            .from_ordinal(&ordinal)
            .unwrap_or_else(|| Float::with_val(format.precision(), Special::Nan));
        if self.below(2) == 1 {
            x = -x;
        }
        if format.holds(&x) {
            x
        } else {
            format.largest()
        }
    }
}
