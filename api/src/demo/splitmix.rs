//! The one source of numbers for demonstration data.

/// SplitMix64 (Steele, Lea, Flood 2014): a counter whose values are mixed until neighbours look unrelated.
///
/// Chosen over a crate because its output never changes with a version, and because a generator for row `i` costs
/// nothing to make. Not for secrets.
#[derive(Debug, Clone)]
pub struct Splitmix {
    state: u64,
}

/// Step of the counter: 2^64 divided by the golden ratio, odd, so that it passes through every value.
const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Splitmix {
    /// The generator of one row: different seeds or indexes give unrelated numbers.
    #[must_use]
    pub fn of_row(seed: u64, index: u64) -> Self {
        Self { state: mix(mix(seed.wrapping_add(STEP)) ^ index) }
    }

    /// The next number.
    pub fn next_u64(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        mix(self.state)
    }

    /// A number below `bound`; 0 when `bound` is 0. The bias is below `bound` in 2^64.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.next_u64()) * bound as u128;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the product shifted by 64 bits is below `bound`"
        )]
        let number = (wide >> 64) as usize;
        number
    }

    /// An index into `weights`, each as likely as its weight; 0 when all are 0.
    pub fn weighted(&mut self, weights: &[usize]) -> usize {
        let mut rest = self.below(weights.iter().sum());
        for (index, &weight) in weights.iter().enumerate() {
            if rest < weight {
                return index;
            }
            rest -= weight;
        }
        0
    }
}

/// The finishing step of SplitMix64.
fn mix(mut value: u64) -> u64 {
    value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    value ^ (value >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_are_those_of_the_published_algorithm() {
        let mut numbers = Splitmix { state: 1_234_567 };
        assert_eq!(numbers.next_u64(), 6_457_827_717_110_365_317);
        assert_eq!(numbers.next_u64(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_all_of_it() {
        let mut numbers = Splitmix::of_row(1, 2);
        let mut seen = [0usize; 7];
        for _ in 0..7_000 {
            seen[numbers.below(7)] += 1;
        }
        assert!(seen.iter().all(|count| (800..1_200).contains(count)), "{seen:?}");
        assert_eq!(numbers.below(0), 0);
    }

    #[test]
    fn weights_are_kept() {
        let mut numbers = Splitmix::of_row(3, 4);
        let mut seen = [0usize; 3];
        for _ in 0..10_000 {
            seen[numbers.weighted(&[75, 0, 25])] += 1;
        }
        assert!((7_200..7_800).contains(&seen[0]) && seen[1] == 0, "{seen:?}");
        assert_eq!(numbers.weighted(&[]), 0);
    }

    #[test]
    fn rows_are_unrelated() {
        let first = |seed, index| Splitmix::of_row(seed, index).next_u64();
        assert_ne!(first(1, 1), first(1, 2));
        assert_ne!(first(1, 1), first(2, 1));
        assert_eq!(first(1, 1), first(1, 1));
    }
}
