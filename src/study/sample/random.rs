//! Random numbers that are the same on every machine: SplitMix64 (Steele, Lea and
//! Flood 2014).

use rug::Integer;

/// A stream of random bits.
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed, one of many.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut random = Random { state: seed };
        let start = random.next();
        random.state = start ^ stream.wrapping_mul(0xd6e8_feb8_6659_fd93);
        random
    }

    /// 64 random bits.
    pub fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.state;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    /// A whole number from 0 to below `count`, which is positive. No number is
    /// likelier than another by more than 2^−64 of its chance.
    pub fn below(&mut self, count: &Integer) -> Integer {
        let words = count.significant_bits() / 64 + 2;
        let mut number = Integer::new();
        for _ in 0..words {
            number <<= 64;
            number += self.next();
        }
        number % count
    }
}
