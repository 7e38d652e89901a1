//! Many points at a time: lanes of hardware numbers, one register for all.
//!
//! - [`Hardware numbers`](NativeLanes): what f32 and f64 compute;
//! - [`Enclosures`]: certified bounds in binary64, of exact values and of what
//!   narrow formats compute.
//!
//! An operation is a loop over its operands' lanes, which the compiler turns
//! into vector instructions. The loops exist three times: for AVX-512, for AVX2
//! with FMA, and for any processor; which of them runs is found out at run time.
//! Elementary functions are calls, in loops of their own.

mod bounds;
mod functions;
mod kernel;
mod native;
mod power;

pub use bounds::{Bounds, Enclosures, enclose};
pub use native::{InLanes, Lane, NativeLanes};

/// How many points go together: enough to hide what a loop costs, few enough for
/// the registers of a formula to stay in the first cache.
pub const LANES: usize = 128;

/// The processor's vector instructions.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// None that are known here.
    Portable,
    /// AVX2 and FMA.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512 with what AVX2 has.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

impl Level {
    /// The best that this machine has.
    pub fn best() -> Level {
        *Level::all().last().unwrap_or(&Level::Portable)
    }

    /// All that this machine has, the best last.
    pub fn all() -> Vec<Level> {
        #[cfg_attr(not(target_arch = "x86_64"), allow(unused_mut))]
        let mut all = vec![Level::Portable];
        #[cfg(target_arch = "x86_64")]
        {
            let avx2 = is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma");
            if avx2 {
                all.push(Level::Avx2);
            }
            let avx512 = is_x86_feature_detected!("avx512f")
                && is_x86_feature_detected!("avx512dq")
                && is_x86_feature_detected!("avx512vl");
            if avx2 && avx512 {
                all.push(Level::Avx512);
            }
        }
        all
    }
}

/// Runs a function that is inlined into one compiled for the machine's level.
/// Its first argument says whether multiply-add is an instruction.
macro_rules! dispatch {
    ($level:expr, $function:ident, ($($argument:ident : $type:ty),*)) => {{
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx2,fma")]
        fn avx2($($argument: $type),*) {
            $function::<true>($($argument),*);
        }
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx2,fma")]
        fn avx512($($argument: $type),*) {
            $function::<true>($($argument),*);
        }
        match $level {
            $crate::arithmetic::lanes::Level::Portable => $function::<false>($($argument),*),
            // SAFETY: a level is made by `Level::all` alone, which has seen that
            // the processor has these instructions.
            #[cfg(target_arch = "x86_64")]
            $crate::arithmetic::lanes::Level::Avx2 => unsafe { avx2($($argument),*) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            $crate::arithmetic::lanes::Level::Avx512 => unsafe { avx512($($argument),*) },
        }
    }};
}
pub(crate) use dispatch;
