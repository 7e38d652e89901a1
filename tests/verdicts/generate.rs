//! Claims as people write them, near where they become false.

use super::formulas::EXAMPLES;
use super::predicate::{Machines, Named, Number, Predicate, Sign, View, Written};
use super::random::SplitMix;
use rug::ops::Pow;
use rug::{Float, Integer, Rational};
use ulpscope::format::{Format, exact_decimal, hexadecimal};

/// The exact value of a decimal with an exponent.
fn decimal_value(text: &str) -> Rational {
    let (digits, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let digits = Rational::from(format!("{whole}{fraction}").parse::<Integer>().unwrap());
    let exponent = exponent.parse::<i32>().unwrap() - fraction.len() as i32;
    let power = Rational::from(Integer::from(10).pow(exponent.unsigned_abs()));
    if exponent < 0 {
        digits / power
    } else {
        digits * power
    }
}

/// A claim about every number of a format in a range.
pub struct Case {
    pub predicate: Predicate,
    pub over: Named,
    from: Written,
    to: Written,
    open: [bool; 2],
}

impl Case {
    /// The claim without its head.
    pub fn text(&self) -> String {
        let left = if self.open[0] { "(" } else { "[" };
        let right = if self.open[1] { ")" } else { "]" };
        format!(
            "{} for x : {} in {left}{}, {}{right}",
            self.predicate, self.over.name, self.from.text, self.to.text
        )
    }

    /// The numbers in order, both zeros where 0 is one of them.
    pub fn numbers(&self) -> Vec<Float> {
        let format = self.over.format;
        let mut x = format.round_rational(&self.from.value);
        while x > self.from.value {
            x = format.next_down(&x);
        }
        let mut list = Vec::new();
        loop {
            let above = if self.open[0] {
                x > self.from.value
            } else {
                x >= self.from.value
            };
            let below = if self.open[1] {
                x < self.to.value
            } else {
                x <= self.to.value
            };
            if above && below {
                if x.is_zero() {
                    list.push(-Float::new(format.precision()));
                    list.push(Float::new(format.precision()));
                } else {
                    list.push(x.clone());
                }
            }
            if x > self.to.value || x == format.largest() {
                return list;
            }
            x = if x.is_zero() {
                format.least()
            } else {
                format.next_up(&x)
            };
        }
    }
}

/// What makes them.
pub struct Generator<'m> {
    pub random: SplitMix,
    pub machines: &'m Machines,
}

const WORDS: [&str; 9] = [
    "invalid",
    "division_by_zero",
    "overflow",
    "underflow",
    "subnormal",
    "absorbed",
    "cancelled",
    "rounded",
    "exact",
];

impl Generator<'_> {
    fn below(&mut self, limit: usize) -> usize {
        (self.random.next() % limit as u64) as usize
    }

    fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    fn named(&mut self, names: &[&'static str]) -> Named {
        let name = self.random.pick(names);
        let name = names.iter().find(|known| **known == name).unwrap();
        Named {
            name,
            format: name.parse().unwrap(),
        }
    }

    /// A number of a format, exactly, in one of the ways to write it.
    fn exactly(&mut self, x: &Float) -> Written {
        let value = x.to_rational().unwrap();
        let text = match self.below(2) {
            0 => exact_decimal(x, 40),
            _ => None,
        };
        Written {
            text: text.unwrap_or_else(|| hexadecimal(x)),
            value,
        }
    }

    /// A decimal of `digits` digits near a value.
    fn nearly(&mut self, x: &Float, digits: usize) -> Written {
        let text = format!("{:.*e}", digits - 1, Scientific(x));
        Written {
            value: decimal_value(&text),
            text,
        }
    }

    /// A number at a value, or beside it.
    fn near(&mut self, x: &Float, format: Option<Format>) -> Written {
        let beside = self.below(3);
        match format {
            Some(format) => {
                let x = match beside {
                    0 => format.next_down(x),
                    1 => x.clone(),
                    _ => format.next_up(x),
                };
                let x = if x.is_finite() { x } else { format.largest() };
                self.exactly(&x)
            }
            None => {
                let digits = 2 + self.below(20);
                self.nearly(x, digits)
            }
        }
    }

    /// The next claim.
    pub fn case(&mut self) -> Case {
        let formula = self.below(EXAMPLES.len());
        let over = self.named(&["f16", "bf16"]);
        let (from, to, open) = self.range(formula, over.format);
        let mut case = Case {
            predicate: Predicate::IsNan(Number::X),
            over,
            from,
            to,
            open,
        };
        let numbers = case.numbers();
        let first = self.predicate(formula, over, &numbers);
        case.predicate = match self.below(12) {
            0 => {
                let second = self.predicate(formula, over, &numbers);
                Predicate::And(Box::new(first), Box::new(second))
            }
            1 => {
                let second = self.predicate(formula, over, &numbers);
                Predicate::Or(Box::new(first), Box::new(second))
            }
            2 => Predicate::Not(Box::new(first)),
            _ => first,
        };
        case
    }

    /// Some numbers in a row, a few of them or thousands.
    fn range(&mut self, formula: usize, format: Format) -> (Written, Written, [bool; 2]) {
        let example = &EXAMPLES[formula];
        let ordinal = |x: f64| {
            let x = format.round(&Float::with_val(53, x));
            let x = if x.is_finite() { x } else { format.largest() };
            format.ordinal(&x).unwrap().to_i64().unwrap()
        };
        let (least, most) = (ordinal(example.from), ordinal(example.to));
        let all = (most - least) as usize;
        let count = if self.one_in(10) {
            all
        } else {
            (40 << self.below(7)).min(all)
        };
        // Around a number anywhere in the range, or a float anywhere in it.
        let start = if self.one_in(3) {
            least + self.below(all - count + 1) as i64
        } else {
            let share = self.below(1 << 20) as f64 / f64::from(1 << 20);
            let middle = ordinal(example.from + share * (example.to - example.from));
            (middle - count as i64 / 2).clamp(least, most - count as i64)
        };
        let end = |ordinal: i64| format.from_ordinal(&ordinal.into()).unwrap();
        let (from, to) = (end(start), end(start + count as i64));
        let open = [self.one_in(4), self.one_in(4)];
        (self.exactly(&from), self.exactly(&to), open)
    }

    fn view(&mut self, formula: usize, over: Named) -> Number {
        let other = [
            "f16",
            "bf16",
            "f8e5m2",
            "bf16/rz",
            "f16/ru",
            "bf16/rne+ftz",
            "f32",
        ];
        let format = if self.one_in(4) {
            self.named(&other)
        } else {
            over
        };
        let nearest = ["f16", "bf16", "f8e5m2"].contains(&format.name);
        let view = match self.below(8) {
            0..3 => View::Computed,
            3 if nearest => View::Rounded,
            4 if nearest => View::RelativeError,
            5 if nearest => View::AbsoluteError,
            6 if nearest => View::Ulps,
            7 if nearest => View::Bits,
            _ => View::Computed,
        };
        Number::View(view, formula, format)
    }

    fn predicate(&mut self, formula: usize, over: Named, numbers: &[Float]) -> Predicate {
        let number = self.view(formula, over);
        match self.below(10) {
            0..2 => self.bound(number, numbers),
            2..4 => {
                let inner = self.comparison(number, numbers);
                self.with_some_number_on(inner, over, numbers)
            }
            4 => {
                let inner = match self.below(3) {
                    0 => Predicate::IsNan(number),
                    1 => Predicate::IsInfinite(number),
                    _ => self.comparison(number, numbers),
                };
                self.with_some_number_on(inner, over, numbers)
            }
            5 if self.machines.has_cause(formula) => {
                let middle = &numbers[self.below(numbers.len())];
                let seen = self.machines.cause(formula, over.format, middle);
                let word = if self.one_in(3) {
                    WORDS[self.below(9)]
                } else {
                    seen
                };
                let equal = !self.one_in(3);
                let cause = Predicate::Cause(formula, over, equal, word);
                if self.one_in(3) {
                    cause
                } else {
                    self.with_some_number_on(cause, over, numbers)
                }
            }
            6 => self.within(number, numbers),
            7 => self.about(number, numbers),
            8 => {
                let computed = Number::View(View::Computed, formula, over);
                let rounded = Number::View(View::Rounded, formula, over);
                let inner = match self.below(3) {
                    0 => Predicate::Compare(computed, Sign::Equal, rounded),
                    1 => Predicate::Compare(computed, Sign::LessEqual, Number::X),
                    _ => Predicate::Compare(rounded, Sign::GreaterEqual, Number::X),
                };
                if self.one_in(3) {
                    inner
                } else {
                    self.with_some_number_on(inner, over, numbers)
                }
            }
            9 => {
                let computed = Number::View(View::Computed, formula, over);
                match self.bound(computed, numbers) {
                    Predicate::Compare(_, sign, Number::Literal(written)) => {
                        Predicate::Inside(formula, sign, written, over)
                    }
                    other => other,
                }
            }
            _ => self.bound(number, numbers),
        }
    }

    fn values(&self, number: &Number, numbers: &[Float]) -> Vec<Float> {
        let values = numbers
            .iter()
            .filter_map(|x| number.value(self.machines, x));
        let mut values: Vec<Float> = values.filter(Float::is_finite).collect();
        values.sort_by(|a, b| a.partial_cmp(b).unwrap());
        values
    }

    fn format_of(number: &Number) -> Option<Format> {
        match number {
            Number::View(View::Computed | View::Rounded, _, named) => Some(named.format),
            _ => None,
        }
    }

    /// A comparison with the least or greatest value, or a number beside it.
    fn bound(&mut self, number: Number, numbers: &[Float]) -> Predicate {
        let values = self.values(&number, numbers);
        let (Some(least), Some(most)) = (values.first(), values.last()) else {
            return Predicate::Not(Box::new(Predicate::IsNan(number)));
        };
        let format = Self::format_of(&number);
        let (sign, extreme) = match self.below(5) {
            0 => (Sign::Less, most),
            1 => (Sign::LessEqual, most),
            2 => (Sign::Greater, least),
            3 => (Sign::GreaterEqual, least),
            _ => (Sign::NotEqual, &values[self.below(values.len())]),
        };
        let written = self.near(extreme, format);
        Predicate::Compare(number, sign, Number::Literal(written))
    }

    /// A comparison with one of the values.
    fn comparison(&mut self, number: Number, numbers: &[Float]) -> Predicate {
        let values = self.values(&number, numbers);
        if values.is_empty() {
            return Predicate::IsNan(number);
        }
        let value = &values[self.below(values.len())];
        let sign = [
            Sign::Less,
            Sign::LessEqual,
            Sign::Greater,
            Sign::GreaterEqual,
            Sign::Equal,
        ][self.below(5)];
        let written = self.near(value, Self::format_of(&number));
        Predicate::Compare(number, sign, Number::Literal(written))
    }

    /// That a predicate holds from some number on, and, where so, not before:
    /// from where it does, or from a neighbour of that.
    fn with_some_number_on(
        &mut self,
        inner: Predicate,
        over: Named,
        numbers: &[Float],
    ) -> Predicate {
        let answers: Vec<Option<bool>> =
            numbers.iter().map(|x| inner.at(self.machines, x)).collect();
        let fails = |answer: &Option<bool>| *answer != Some(true);
        let start = answers.iter().rposition(fails).map_or(0, |last| last + 1);
        if start == 0 || start == numbers.len() {
            return if self.one_in(8) {
                Predicate::Not(Box::new(inner))
            } else {
                inner
            };
        }
        let alone = answers[..start].iter().all(fails);
        let written = if self.one_in(3) {
            // Somewhere below the number, and above the one before.
            let above = Float::with_val(64, &numbers[start - 1] + &numbers[start]) / 2_u32;
            self.exactly(&above)
        } else {
            let x = match self.below(4) {
                0 => over.format.next_down(&numbers[start]),
                1 => over.format.next_up(&numbers[start]),
                _ => numbers[start].clone(),
            };
            let x = if x.is_finite() {
                x
            } else {
                over.format.largest()
            };
            self.exactly(&x)
        };
        let sign = if self.one_in(3) {
            Sign::Greater
        } else {
            Sign::GreaterEqual
        };
        let beyond = Predicate::Compare(Number::X, sign, Number::Literal(written));
        if alone {
            Predicate::Iff(Box::new(inner), Box::new(beyond))
        } else {
            Predicate::Implies(Box::new(beyond), Box::new(inner))
        }
    }

    /// A range with the least and greatest value as its ends, or neighbours.
    fn within(&mut self, number: Number, numbers: &[Float]) -> Predicate {
        let values = self.values(&number, numbers);
        let (Some(least), Some(most)) = (values.first(), values.last()) else {
            return Predicate::IsNan(number);
        };
        let format = Self::format_of(&number);
        let mut ends = [least, most].map(|end| self.near(end, format));
        if ends[0].value > ends[1].value {
            ends.swap(0, 1);
        }
        let [from, to] = ends;
        let open = [self.one_in(5), self.one_in(5)];
        Predicate::Within(number, open[0], from, to, open[1])
    }

    /// About the middle of all values, with as many digits as their spread
    /// allows, or one more.
    fn about(&mut self, number: Number, numbers: &[Float]) -> Predicate {
        let values = self.values(&number, numbers);
        let (Some(least), Some(most)) = (values.first(), values.last()) else {
            return Predicate::IsNan(number);
        };
        let middle = Float::with_val(200, least + most) / 2_u32;
        if middle.is_zero() {
            return self.bound(number, numbers);
        }
        let spread = Float::with_val(200, most - least);
        let log = |x: &Float| {
            if x.is_zero() {
                0.0
            } else {
                Float::with_val(53, x.abs_ref()).log10().to_f64()
            }
        };
        let digits = (log(&middle) - log(&spread)).floor() as i64;
        let digits = (digits + self.below(3) as i64 - 1).clamp(1, 25) as usize;
        let written = self.nearly(&middle, digits);
        let last = written
            .text
            .split_once('e')
            .map_or(0, |(_, exponent)| exponent.parse().unwrap())
            - (digits as i32 - 1);
        let half = decimal_value(&format!("0.5e{last}"));
        Predicate::About(number, written, half)
    }
}

/// Writes a number with `{:.n e}` in decimals, correctly rounded.
struct Scientific<'x>(&'x Float);

impl std::fmt::LowerExp for Scientific<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let digits = f.precision().unwrap_or(0) + 1;
        let (negative, digits, exponent) = self.0.to_sign_string_exp(10, Some(digits));
        let sign = if negative { "-" } else { "" };
        match exponent {
            None => f.write_str("0e0"),
            Some(exponent) => {
                let (first, rest) = digits.split_at(1);
                let point = if rest.is_empty() { "" } else { "." };
                write!(f, "{sign}{first}{point}{rest}e{}", exponent - 1)
            }
        }
    }
}
