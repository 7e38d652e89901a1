//! The language of claims: their forms, what their names mean, and what is
//! said about bad ones.

mod common;
mod mistakes;

use common::shape;
use mistakes::{expected, said};
use ulpscope::formula::{Context, Diagnostic};
use ulpscope::language::{Bounds, Claim, ClaimVerdict, Definitions, Over};

/// What a claim's variables go through, in one line.
fn variables(claim: &Claim) -> String {
    fn bounds(bounds: &Option<Bounds>) -> String {
        let Some(bounds) = bounds else {
            return String::new();
        };
        let open = if bounds.lo_open { "(" } else { "[" };
        let close = if bounds.hi_open { ")" } else { "]" };
        let (lo, hi) = (shape(&bounds.lo.value), shape(&bounds.hi.value));
        format!(" {open}{lo}, {hi}{close}")
    }
    let one = |variable: &ulpscope::language::Quantified| {
        let name = &variable.name;
        match &variable.over {
            Over::Reals(range) => format!("{name}{}", bounds(range)),
            Over::Floats(format, range) => format!("{name} : {format}{}", bounds(range)),
            Over::Integers(from, to) => {
                format!("{name} {}..{}", shape(&from.value), shape(&to.value))
            }
        }
    };
    let list: Vec<String> = claim.variables.iter().map(one).collect();
    list.join(", ")
}

/// A claim's formula in one line, everything real left without a mark.
fn body(definitions: &mut Definitions, claim: &Claim, precisions: &[(String, u32)]) -> String {
    let formula = definitions.resolve_claim(claim, precisions).unwrap();
    shape(&formula).replace("@real", "")
}

#[test]
fn forms() {
    #[rustfmt::skip]
    let table = [
        ("2*s*(1-s)*62.5 < 0 where s = sigmoid(50)",
         "(< (* (* (* 2 s:(sigmoid() 50)) (- 1 s)) 62.5) 0)", ""),
        ("fl(sigmoid(z), f32) == 1 iff z >= 16.635532 for z : f32 in [0, 64]",
         "(== (== (fl (sigmoid()@f32 z)) 1) (>= z 16.635532))", "z : f32 [0, 64]"),
        ("rn(w*1.001, bf16) == w for w : bf16 in [1, 2)",
         "(== (round[bf16] (* w 1.001)) w)", "w : bf16 [1, 2)"),
        ("rn(x, f16) == 0 for x in (0, 6e-8]", "(== (round[f16] x) 0)", "x (0, 6e-8]"),
        ("333.75*b^6 + a/(2*b) == -54767/66192 where a = 77617, b = 33096",
         "(== (+ (* 333.75 (pow b:33096 6)) (/ a:77617 (* 2 b))) (/ (- 54767) 66192))", ""),
        ("sqrt(2) in (1.41, 1.42)", "(and (< 1.41 (sqrt 2)) (< (sqrt 2) 1.42))", ""),
        ("x^2 in [0, inf) for x", "(and (<= 0 (pow x 2)) (< (pow x 2) inf))", "x"),
        ("pi ~ 3.14", "(and (<= 3.135 pi) (<= pi 3.145))", ""),
        ("57% ~ 0.6", "(and (<= 0.55 57%) (<= 57% 0.65))", ""),
        ("not isnan(fl(x/x, f32)) for x : f32 in [1, 2]",
         "(not (!= (fl (/@f32 x@f32 x@f32)) (fl (/@f32 x@f32 x@f32))))", "x : f32 [1, 2]"),
        ("x + w < y for w, x : f64,\n  y in (-inf, ∞)",
         "(< (+ x w) y)", "w, x : f64, y ((- inf), inf)"),
        ("n*x > 0\n  where m = 3 # of it\n\n  for n in (m + 1)*2..m^2, x in ((m + 1)/2, m]",
         "(> (* n x) 0)",
         "n (* (+ m:3 1) 2)..(pow m:3 2), x ((/ (+ m:3 1) 2), m:3]"),
        ("x < 1 for x : f8e4m3fn in [0, 1), y : half in[0,1], z:long double in (0, 1)", "(< x 1)",
         "x : f8e4m3fn [0, 1), y : f16 [0, 1], z : f80 (0, 1)"),
        ("1 < 2 for n in -3..(3)", "(< 1 2)", "n (- 3)..3"),
        ("1 < 2 for inf in [0, 1]", "(< 1 2)", "inf [0, 1]"),
    ];
    for (text, expected, over) in table {
        let mut known = Definitions::new();
        let claim = known.claim("claim", text).expect(text);
        assert_eq!(body(&mut known, &claim, &[]), expected, "{text}");
        assert_eq!(variables(&claim), over, "{text}");
        assert!(!claim.is_range && !claim.stated && claim.title.is_none());
        assert_eq!(claim.expected, ClaimVerdict::Proved);
    }
}

#[test]
fn expressions() {
    let table = [
        ("x ~ 2.41", "(and (<= 2.405 x) (<= x 2.415))"),
        ("x ≈ −2.41", "(and (<= (- 2.415) x) (<= x (- 2.405)))"),
        ("x ~ 57%", "(and (<= 0.565 x) (<= x 0.575))"),
        ("x ~ 100", "(and (<= 99.5 x) (<= x 100.5))"),
        ("x ~ 0x1.8p3", "(and (<= 11.75 x) (<= x 12.25))"),
        ("x ~ 0.0", "(and (<= (- 0.05) x) (<= x 0.05))"),
        ("x ~ +2.e3", "(and (<= 1500 x) (<= x 2500))"),
        (
            "x + 1 in [y, 2) and not x ~ 3",
            "(and (and (<= y (+ x 1)) (< (+ x 1) 2)) (not (and (<= 2.5 x) (<= x 3.5))))",
        ),
        ("(a in (\n0,\n1])", "(and (< 0 a) (<= a 1))"),
        (
            "if x in [0, 1] then 1 else 2",
            "(if (and (<= 0 x) (<= x 1)) 1 2)",
        ),
        ("isinf(x)", "(or (== x inf) (== x (- inf)))"),
        ("isnan(-x)", "(!= (- x) (- x))"),
    ];
    for (text, expected) in table {
        let formula = Definitions::new().formula("expression", text).expect(text);
        assert_eq!(shape(&formula), expected, "{text}");
    }
    let mut known = Definitions::new();
    let near = known.formula("e", "x ~ 2.41e-20").unwrap();
    let inputs = near.nodes().iter().filter(|node| node.op.is_leaf()).count();
    assert_eq!(inputs, 3, "one x, two ends");
    // The user's own inf is another thing.
    known.add("d", "inf = 3").unwrap();
    let formula = known.formula("e", "isinf(inf)").unwrap();
    assert_eq!(shape(&formula), "(or (== inf:3 inf) (== inf (- inf)))");
}

#[test]
fn heads() {
    let table = [
        ("claim: 1 < 2", None, ClaimVerdict::Proved, false),
        (
            "claim \"exp(-50) underflows\" refuted: 1 < 2",
            Some("exp(-50) underflows"),
            ClaimVerdict::Refuted,
            true,
        ),
        (
            "claim “a \"b\" ∂ # 'c'” undecided:\n\n1 < 2",
            Some("a \"b\" ∂ # 'c'"),
            ClaimVerdict::Undecided,
            true,
        ),
        (
            r#"claim "\"\\" proved : 1 < 2"#,
            Some("\"\\"),
            ClaimVerdict::Proved,
            true,
        ),
        (
            "claim undefined: 1 < 2",
            None,
            ClaimVerdict::Undefined,
            true,
        ),
    ];
    for (text, title, expected, stated) in table {
        let claim = Definitions::new().claim("claim", text).expect(text);
        assert_eq!(claim.title.as_deref(), title);
        assert_eq!((claim.expected, claim.stated), (expected, stated));
        assert_eq!(claim.text, "1 < 2");
    }
    let json = serde_json::to_string(&ClaimVerdict::Undecided).unwrap();
    assert_eq!(json, "\"undecided\"");
}

#[test]
fn questions() {
    let mut known = Definitions::new();
    let text = "ulps(sigmoid(z), f64) in ?  # how far?\n  for z : f64 in [0, 100]";
    let claim = known.claim("claim", text).unwrap();
    assert!(claim.is_range);
    assert_eq!(
        claim.text,
        "ulps(sigmoid(z), f64) in ? for z : f64 in [0, 100]"
    );
    assert_eq!(variables(&claim), "z : f64 [0, 100]");
    let formula = known.resolve_claim(&claim, &[]).unwrap();
    assert!(!formula.is_predicate());
}

#[test]
fn precisions() {
    let mut known = Definitions::new();
    let text = "fl(sigmoid(50), mpfr:p) + q == rn(v, mpfr:q) where v = cast(1/3, mpfr: r) \
                for r in 2..9, p in 2..72, q in 2..3, s in 0..1";
    let claim = known.claim("claim", text).unwrap();
    assert_eq!(claim.precision_variables(), ["r", "p", "q"]);
    let with =
        |r, p, q| [("p", p), ("q", q), ("r", r)].map(|(name, bits)| (name.to_string(), bits));
    assert_eq!(
        body(&mut known, &claim, &with(5, 40, 3)),
        "(== (+ (fl (sigmoid()@mpfr:40 50)) q) (round[mpfr:3] v:(cast[mpfr:5] (/ 1 3))))"
    );
    let error = known.resolve_claim(&claim, &with(1, 40, 3)).unwrap_err();
    assert_eq!(error.message, "1 is no precision for mpfr");
    assert_eq!(known.sources().text(error.span.unwrap()), "r");
    let error = known.resolve_claim(&claim, &[]).unwrap_err();
    assert_eq!(error.message, "the precision `r` has no value");
}

#[test]
fn names_hide() {
    let mut known = Definitions::new();
    known
        .add(
            "d",
            "z = w*x\nf(t) = t*z\ng(t) = f(t) + k\nk = e\nf'(t) = z\nh(z) = z + silu(z)",
        )
        .unwrap();
    let inlined = |known: &mut Definitions, text: &str| {
        let claim = known.claim("claim", text).expect(text);
        let formula = known.resolve_claim(&claim, &[]).unwrap();
        let inlined = formula.inline(Context::Real).unwrap();
        shape(&inlined).replace("@real", "")
    };
    let table = [
        // A value for the free variable of a definition, also inside functions.
        ("z < 1 where w = 0.8, x = 62.5", "(< z:(* w:0.8 x:62.5) 1)"),
        (
            "g(2) < 1 where w = u, u = 3 for x",
            "(< (+ (* 2 z:(* u:3 x)) k:e) 1)",
        ),
        // A variable hides a definition and a constant.
        ("g(2) < 1 for z, e", "(< (+ (* 2 z) k:e) 1)"),
        // A parameter hides a value; the prelude keeps its names.
        (
            "h(2) < 1 where z = 7, sigmoid = 8",
            "(< (+ 2 (* 2 (/ 1 (+ 1 (exp (- 2)))))) 1)",
        ),
        ("sigmoid < 1 for sigmoid", "(< sigmoid 1)"),
        // Derivatives, the declared one too.
        ("d(z, w) < 1 where w = 0.8, x = 62.5", "(< x:62.5 1)"),
        ("d(f(t), t) < 1 where z = 2 for t", "(< z:2 1)"),
        ("d(e^2, e) < 1 for e", "(< (* 2 e) 1)"),
    ];
    for (text, expected) in table {
        assert_eq!(inlined(&mut known, text), expected, "{text}");
    }
    // Outside nothing has changed.
    let formula = known.formula("e", "g(2)").unwrap();
    let whole = shape(&formula.inline(Context::Real).unwrap()).replace("@real", "");
    assert_eq!(whole, "(+ (* 2 z:(* w x)) k:e)");
    assert_eq!(known.declared_derivatives().count(), 1);
}

#[test]
fn documents() {
    let mut known = Definitions::new();
    let text = "\
# what was said
claim \"first\": s < 1

claim refuted:
  s > 1 and
  s > 2";
    let error = known.add_document("a.ulp", text).unwrap_err();
    assert_eq!(error.message, "an operand is missing after `and`");
    let text = "claim \"first\": s < 1\n\nclaim refuted:\n  (s > 1 and\n  s > k)\n\n  where k = 2,\n\n k2 = 3\ns = 1/2\nclaim: s in ?\n";
    let claims = known.add_document("a.ulp", text).unwrap();
    let texts: Vec<&str> = claims.iter().map(|claim| claim.text.as_str()).collect();
    assert_eq!(
        texts,
        ["s < 1", "(s > 1 and s > k) where k = 2, k2 = 3", "s in ?"]
    );
    let places: Vec<&str> = claims
        .iter()
        .map(|claim| known.sources().text(claim.span))
        .collect();
    assert_eq!(places[0], "s < 1");
    assert_eq!(places[2], "s in ?");
    assert!(known.is_defined("s"));
    // Where only definitions are asked for, claims are checked for their form.
    let mut known = Definitions::new();
    known.add("a.ulp", text).unwrap();
    assert!(known.is_defined("s"));
    assert!(known.add("b.ulp", "claim: t(x) < 1").is_ok());
    let error = known.add("b.ulp", "claim: 1 <").unwrap_err();
    assert_eq!(error.message, "an operand is missing after `<`");
}

#[test]
fn many_claims() {
    let count = 100_000;
    let line = "claim \"of the many that are here, number {}\" refuted: fl(f(z), f32) + w == 1 where w = 1 for z : f32 in [0, 1]\n";
    let text = format!("f(x) = x + z\n{}", line.repeat(count));
    assert!(text.len() > 10_000_000);
    let mut known = Definitions::new();
    let start = std::time::Instant::now();
    let claims = known.add_document("claims", &text).unwrap();
    assert_eq!(claims.len(), count);
    let read = start.elapsed();
    for claim in &claims {
        known.resolve_claim(claim, &[]).unwrap();
    }
    assert!(read.as_secs() < 60, "{read:?}");
    let lines: Vec<String> = (0..100_000).map(|i| format!("a{i} = {i}")).collect();
    let text = format!("a0 > 1 where {} for b", lines.join(",\n"));
    known.claim("claim", &text).unwrap();
    let lines: Vec<String> = (0..100_000).map(|i| format!("a{i} in [0, 1]")).collect();
    let claim = known.claim("claim", &format!("a0 > 1 for {}", lines.join(",\n")));
    assert_eq!(claim.unwrap().variables.len(), 100_000);
}

#[test]
fn functions_that_share_functions() {
    // Each level uses both functions of the one below.
    let levels: Vec<String> = (1..150)
        .map(|i| {
            let below = format!("f{0}(x) + g{0}(x)", i - 1);
            format!("f{i}(x) = {below}\ng{i}(x) = {below}")
        })
        .collect();
    let mut known = Definitions::new();
    let text = format!("f0(x) = x\ng0(x) = x*k\n{}", levels.join("\n"));
    known.add("d", &text).unwrap();
    known.claim("claim", "f149(1) > 0 where k = 1").unwrap();
    assert!(known.point("--at", "x=f149(1)").is_err());
}

#[test]
fn bad_claims() {
    for &(text, message, start, marked, help) in BAD_CLAIMS {
        let mut known = Definitions::new();
        known.add("d", "f(t) = t*u").unwrap();
        let error = known.claim("claim", text).expect_err(text);
        let found = said(&known, error);
        assert_eq!(found, expected((message, start, marked, help)), "{text}");
        // The next claim is not disturbed.
        let claim = known.claim("claim", "f(1) < 1 where u = 0").unwrap();
        assert_eq!(body(&mut known, &claim, &[]), "(< (f() 1) 1)");
    }
}

#[test]
fn bad_documents() {
    for &(text, message, start, marked, help) in BAD_DOCUMENTS {
        let mut known = Definitions::new();
        let error = known.add_document("d", text).expect_err(text);
        let found = said(&known, error);
        assert_eq!(found, expected((message, start, marked, help)), "{text}");
    }
}

#[test]
fn bad_outside_of_claims() {
    for &(text, message, start, marked, help) in BAD_OUTSIDE {
        let mut known = Definitions::new();
        let error = known.formula("e", text).expect_err(text);
        let found = said(&known, error);
        assert_eq!(found, expected((message, start, marked, help)), "{text}");
    }
}

/// Claim; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_CLAIMS: &[(&str, &str, u32, &str, &str)] = &[
    ("claim \"t\" x < 1", "`:` is missing before what is claimed", 10, "x", "a claim reads `claim \"title\": predicate`, or with a verdict `claim \"title\" refuted: predicate`"),
    ("claim \"t\"", "`:` is missing before what is claimed", 9, "", "a claim reads `claim \"title\": predicate`, or with a verdict `claim \"title\" refuted: predicate`"),
    ("claim 'a': 1 < 2", "`:` is missing before what is claimed", 6, "'", "a title stands in double quotation marks"),
    ("claim \"t\" refutd: 1 < 2", "`refutd` is no verdict", 10, "refutd", "did you mean refuted?"),
    ("claim false: 1 < 2", "`false` is no verdict", 6, "false", "the verdicts are proved, refuted, undecided, undefined"),
    ("claim refuted 1 < 2", "`:` is missing before what is claimed", 14, "1", "a claim reads `claim \"title\": predicate`, or with a verdict `claim \"title\" refuted: predicate`"),
    ("claim = 2", "`claim` is a word of the language; it cannot stand here", 0, "claim", ""),
    ("claim \"a", "this quotation mark is never closed", 6, "\"", "a text ends in the line that it begins in"),
    ("claim \"a\nb\": 1 < 2", "this quotation mark is never closed", 6, "\"", "a text ends in the line that it begins in"),
    ("claim \"a\\n\": 1 < 2", "`\\n` has no meaning in a title", 8, "\\n", "write \\\\ for a backslash, \\\" for a quotation mark"),
    ("claim \"\":", "an expression is missing", 9, "", ""),
    ("", "the claim is empty", 0, "", ""),
    ("1 + 2", "a claim is a predicate, true or false; this is a number", 0, "1 + 2", "compare it with something, as in x < 1; `x in ?` asks for its range"),
    ("x < 1 in ? for x", "`in ?` asks for the range of a whole claim", 6, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("x < 1 for", "a variable is missing", 9, "", ""),
    ("x < 1 for for", "a variable is a name, which `for` is not", 10, "for", ""),
    ("x < 1 for [0, 1]", "a variable is a name, which `[` is not", 10, "[", ""),
    ("x < 1 for x, x", "the variable `x` stands here twice", 13, "x", ""),
    ("x < 1 where x = 1 for x", "`x` has a value behind `where` already", 22, "x", ""),
    ("x < 1 where x = 1, x = 2", "`x` has a value already", 19, "x", ""),
    ("x < 1 where exp = 2", "`exp` is a built-in function; it cannot be defined", 12, "exp", "choose another name"),
    ("x < 1 for ln", "`ln` is a built-in function; it cannot be defined", 10, "ln", "choose another name"),
    ("x < 1 where isnan = 2", "`isnan` is a built-in function; it cannot be defined", 12, "isnan", "choose another name"),
    ("x < 1 for x in", "a range is missing behind `in`", 14, "", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x in, y", "a range is missing behind `in`", 14, ",", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x in 5", "a range has two ends; here stands one number", 15, "5", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x in ?", "`?` stands behind a claim's expression, not behind a variable", 15, "?", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x in [0, 1", "this `[` is never closed", 15, "[", ""),
    ("x < 1 for x in [0]", "a range has two ends, with a comma between", 17, "]", "write [0, 1], with ( or ) at an end that is left out"),
    ("x < 1 for x in []", "an expression is missing before `]`", 16, "]", ""),
    ("x < 1 for x in [0, 1, 2]", "a range has two ends, nothing more", 20, ",", "write [0, 1], with ( or ) at an end that is left out"),
    ("x < 1 for x in {0, 1}", "`{` has no meaning here", 15, "{", "only (…) groups"),
    ("x < 1 for x in (0)", "a range has two ends; here stands one number", 16, "0", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x in 1..2:3", "the integers of a claim have no step: it is about all of them", 19, ":", ""),
    ("x < 1 for x : mpfr:53 in [0, 1]", "the numbers of mpfr cannot be counted", 14, "mpfr:53", "write x : f64, or x in [0, 1] for real numbers"),
    ("x < 1 for x : mpfr:p", "the numbers of mpfr cannot be counted", 14, "mpfr:p", "write x : f64, or x in [0, 1] for real numbers"),
    ("x < 1 for x : f32/rz", "a set of numbers has no rounding", 14, "f32/rz", "write x : f32"),
    ("x < 1 for x : bf16@f32 in [0, 1]", "a set of numbers has no rounding", 14, "bf16@f32", "write x : bf16"),
    ("x < 1 for x : f33 in [0, 1]", "`f33` names no format", 14, "f33", "did you mean f32?"),
    ("x < 1 for x : in [0, 1]", "a format is missing behind the colon", 12, ":", "write x : f32"),
    ("x < 1 for x :", "a format is missing behind the colon", 12, ":", "write x : f32"),
    ("x < 1 for x : f32 in 0..1", "`..` stands between integers, not between floats", 22, "..", "write x : f32 in [a, b]"),
    ("x < 1 for x : F", "`F` is the arithmetic of a threshold's row; it has no meaning here", 14, "F", "write x : f32"),
    ("x < 1 for x = 3", "a variable behind `for` has a range, not a value", 12, "=", "values stand behind `where`: where x = 1"),
    ("x < 1 for x y", "a comma is missing before `y`", 12, "y", "a variable ends with a comma where another follows: for x in [0, 1], y in [0, 1]"),
    ("x < 1 for x < 2", "`<` cannot follow the range of a variable", 12, "<", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < 1 for x for y", "one `for` has all variables", 12, "for", "for x in [0, 1], y in [0, 1]"),
    ("x < 1 where x = 1 where y = 2", "one `where` gives all values", 18, "where", "where x = 1, y = 2"),
    ("x < 1 for x where y = 1", "`where` stands before `for`", 12, "where", ""),
    ("x < 1 where x == 1", "`x` has no value", 14, "==", "a value is given by one `=`: where x = 0.5"),
    ("x < 1 where x", "`x` has no value", 13, "", "write where x = 0.5"),
    ("x < 1 where x = 1 y = 2", "a comma is missing before `y`", 18, "y", "a value ends with a comma where another follows: where x = 1, y = 2"),
    ("x < y where x = y, y = x", "`x` is defined by itself: x → y → x", 23, "x", "a definition cannot need its own value"),
    ("1 < 2 where x = sin(2, 3)", "`sin` takes 1 argument, not 2", 16, "sin(2, 3)", "sin: The sine of x radians."),
    ("x < 1 for x in [0, y]", "the end of a range is a constant; `y` has no value", 19, "y", "write a number; values may have names behind `where`"),
    ("x < 1 for x in [0, x]", "the end of a range is a constant; `x` is a variable of the claim", 19, "x", "write a number; values may have names behind `where`"),
    ("x < 1 for x in [0, 1 < 2]", "the end of a range is a number; this is a predicate", 19, "1 < 2", ""),
    ("x < 1 for x in [0, w] where w = 1", "`where` stands before `for`", 22, "where", ""),
    ("fl(1/3, mpfr:p) < 1 for p in [2, 9]", "`p` is no integer variable of a claim", 13, "p", "write a number of bits, as in mpfr:113, or a claim with `for p in 2..100`"),
    ("fl(1/3, mpfr:q) < 1 for p in 2..9", "`q` is no integer variable of a claim", 13, "q", "write a number of bits, as in mpfr:113, or a claim with `for q in 2..100`"),
    ("x < 1 for x in [0, rn(1, mpfr:p)], p in 2..9", "`p` is no integer variable of a claim", 30, "p", "write a number of bits, as in mpfr:113, or a claim with `for p in 2..100`"),
    ("fl(1/3, mpfr:p/rz) < 1 for p in 2..9", "`p` is no precision for mpfr", 8, "mpfr:p/rz", "whole bits from 2 to 16777216"),
    ("a < b in [0, 1] for a, b", "`in` is not part of a chain of comparisons", 6, "in", "join two comparisons by `and`, as in a < b and b in [0, 1]"),
    ("a in [0, 1] < b for a, b", "`<` is not part of a chain of comparisons", 12, "<", "join two comparisons by `and`, as in a < b and b in [0, 1]"),
    ("a ~ 1 ~ 2 for a", "`~` is not part of a chain of comparisons", 6, "~", "join two comparisons by `and`, as in a < b and b in [0, 1]"),
    ("a ~ b for a, b", "right of `~` stands a number as it is written, whose last digit says how near", 4, "b", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("a ~ 1 + 1 for a", "right of `~` stands a number as it is written, whose last digit says how near", 4, "1 +", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("a ~ 2^3 for a", "right of `~` stands a number as it is written, whose last digit says how near", 4, "2^", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("a ~ 2² for a", "right of `~` stands a number as it is written, whose last digit says how near", 4, "2²", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("a ~", "right of `~` stands a number as it is written, whose last digit says how near", 3, "", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("a ~ (2)", "right of `~` stands a number as it is written, whose last digit says how near", 4, "(", "write x ~ 2.41, or for two expressions |x - y| <= 0.005"),
    ("~ 3", "an operand is missing before `~`", 0, "~", ""),
    ("a in 3", "a range is missing behind `in`", 5, "3", "write [0, 1], with ( or ) at an end that is left out"),
    ("a in", "a range is missing behind `in`", 4, "", "write [0, 1], with ( or ) at an end that is left out"),
    ("in [0, 1]", "`in` is a word of the language; it cannot stand here", 0, "in", ""),
    ("a in [0, 1] + 1", "`+` cannot follow `a in [0, 1]`, which gives true or false", 12, "+", ""),
    ("not a in ?", "`in ?` asks for the range of a whole claim", 6, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("(a in ?)", "`in ?` asks for the range of a whole claim", 3, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("1 < a in ?", "`in ?` asks for the range of a whole claim", 6, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("a in ? and b", "`and` cannot follow `in ?`", 7, "and", "behind it stand only `where` and `for`"),
    ("a in ? < 1", "`<` cannot follow `in ?`", 7, "<", "behind it stand only `where` and `for`"),
    ("a in (1)", "a range has two ends, with a comma between", 7, ")", "write [0, 1], with ( or ) at an end that is left out"),
    ("a in [1..2]", "a range has two ends, with a comma between", 7, "..", "write [0, 1], with ( or ) at an end that is left out"),
    ("a in [1, 2", "this `[` is never closed", 5, "[", ""),
    ("(a + b]", "this `]` does not close `(`", 6, "]", ""),
    ("a]", "this `]` closes nothing", 1, "]", ""),
    ("(a in [0, 1]", "this `(` is never closed", 0, "(", ""),
    ("exp(claim)", "`claim` is a word of the language; it cannot stand here", 4, "claim", ""),
    ("isnan(1 < 2)", "`isnan` needs a number; this is a predicate, true or false", 6, "1 < 2", "if … then 1 else 0 makes a number of it"),
    ("isnan(1, 2)", "`isnan` takes 1 argument, not 2", 0, "isnan(1, 2)", ""),
    ("isnan", "`isnan` is a function; it stands here without arguments", 0, "isnan", "write isnan(…)"),
    ("x in [0, 1 < 2] for x", "`in` needs a number; this is a predicate, true or false", 9, "1 < 2", "if … then 1 else 0 makes a number of it"),
    ("(1 < 2) ~ 1", "`~` needs a number; this is a predicate, true or false", 1, "1 < 2", "if … then 1 else 0 makes a number of it"),
    ("1 < 2 claim: 1 < 2", "a claim begins a line of its own", 6, "claim", ""),
    ("a ~ 1e-1000000 for a", "this number's exponent is out of range", 4, "1e-1000000", "powers of ten go to 10^±1000000; write a greater one as a power, 10^…"),
    ("\"a\" < 1", "an expression is missing before `\"a\"`", 0, "\"a\"", ""),
    ("x < 1 ? 2", "`?` has no meaning here", 6, "?", "a claim asks for a range: claim: … in ?"),
    ("a[1] < 2", "`[` has no meaning here", 1, "[", "only (…) groups"),
    ("x < 1\ny < 2", "one claim is expected; here begins another line", 6, "y", "an expression over several lines stands in parentheses"),
    ("x < 1 for x\n\nclaim: 1 < 2", "one claim is expected; here begins another line", 13, "claim", "an expression over several lines stands in parentheses"),
    ("x < 1 for x in (0, 1]]", "`]` cannot follow the range of a variable", 21, "]", "write x in [0, 1] for real numbers, x : f32 in [0, 1] for floats, n in 2..400 for integers"),
    ("x < fl(1, F) for x", "`F` is the arithmetic of a threshold's row; it has no meaning here", 4, "fl(1, F)", "name a format, as in fl(x, f32); `F` stands in a threshold's predicate itself"),
    ("claim (1 < 2)", "`:` is missing before what is claimed", 6, "(", "a claim reads `claim \"title\": predicate`, or with a verdict `claim \"title\" refuted: predicate`"),
    ("z(1) < 1 for z", "`z` is a value, not a function", 0, "z", "for a product write z*(…)"),
    ("x < 1 for x in [0, 1 for y", "this `[` is never closed", 15, "[", ""),
];

/// Definitions and claims; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_DOCUMENTS: &[(&str, &str, u32, &str, &str)] = &[
    ("a = 1 claim: a < 2", "a claim begins a line of its own", 6, "claim", ""),
    ("claim: 1 < 2 claim: 1 < 3", "a claim begins a line of its own", 13, "claim", ""),
    ("claim: 1 < 2 for x claim: 1 < 3", "a claim begins a line of its own", 19, "claim", ""),
    ("claim: 1 < 2\nfor x\nfor y", "one `for` has all variables", 19, "for", "for x in [0, 1], y in [0, 1]"),
    ("claim: (1 < 2\nclaim: 1 < 3", "this `(` is never closed", 7, "(", ""),
    ("claim: f(1\n\na = 2", "this `(` is never closed", 8, "(", ""),
    ("claim: a < 2 for a in [0,\nclaim: 1 < 3", "this `[` is never closed", 22, "[", ""),
    ("claim \"a: 1 < 2\nclaim \"b\": 1 < 3", "this quotation mark is never closed", 6, "\"", "a text ends in the line that it begins in"),
    ("a = claim", "`claim` is a word of the language; it cannot stand here", 4, "claim", ""),
    ("f(x) = fl(x, mpfr:p)\nclaim: f(1) == 1 for p in 2..3", "`p` is no integer variable of a claim", 18, "p", "write a number of bits, as in mpfr:113, or a claim with `for p in 2..100`"),
    ("isnan(x) = 1", "`isnan` is a built-in function; it cannot be defined", 0, "isnan", "choose another name"),
    ("isinf = 1", "`isinf` is a built-in function; it cannot be defined", 0, "isinf", "choose another name"),
    ("1 < 2", "a definition begins with a name, which `1` is not", 0, "1", "a definition reads `name = …` or `f(x, y) = …`"),
    ("where x = 2", "`where` is a word of the language; it cannot stand here", 0, "where", ""),
    ("s = x in ?", "`in ?` asks for the range of a whole claim", 6, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("claim: a < 2\na = b\nb = a", "`a` is defined by itself: a → b → a", 23, "a", "a definition cannot need its own value"),
    ("claim: 1 < 2\n\"a\"", "a definition begins with a name, which `\"a\"` is not", 13, "\"a\"", "a definition reads `name = …` or `f(x, y) = …`"),
];

/// Expression; message, first marked byte, marked text, help.
#[rustfmt::skip]
const BAD_OUTSIDE: &[(&str, &str, u32, &str, &str)] = &[
    ("x in ?", "`in ?` asks for the range of a whole claim", 2, "in ?", "it stands behind a claim's expression alone: claim: … in ?"),
    ("fl(x, mpfr:p)", "`p` is no integer variable of a claim", 11, "p", "write a number of bits, as in mpfr:113, or a claim with `for p in 2..100`"),
    ("x < 1 for x in [0, 1]", "`for` is a word of the language; it cannot stand here", 6, "for", ""),
    ("isnam(x)", "there is no function `isnam`", 0, "isnam", "did you mean isnan?"),
    ("1 + [2]", "`[` has no meaning here", 4, "[", "only (…) groups"),
    ("x in (0, 1", "this `(` is never closed", 5, "(", ""),
];

/// Whatever the text, there is a claim or an error whose place is in it.
#[test]
fn no_claim_is_too_strange() {
    #[rustfmt::skip]
    const PIECES: &[&str] = &[
        "claim", " \"t\"", "\"", "“", "”", " refuted", ":", "x", "y", "p", "e", "s", "2", ".5", "57%", "1e-3",
        "0x1p3", "<", "<", "==", "+", "-", "~", "≈", " in ", " in ?", "?", "[", "]", "(", ")", "[0, 1]",
        "(0, 1]", "(2)", "..", "2..9", ",", " where ", " for ", " for x", " for p in 2..9", " for x : f32",
        "=", " not ", " and ", " if ", " then ", " else ", "isnan", "isinf(x)", "fl(x, f32)",
        "rn(x, mpfr:p)", "mpfr:p", " : f16", "inf", "∞", "\n", " ", "# c", "|", "²", "√", "f(x)", "d(x, x)",
    ];
    const HEADS: &[&str] = &["", "claim: ", "claim \"t\" refuted:\n"];
    #[rustfmt::skip]
    const BODIES: &[&str] = &[
        "x < 1", "f(x) in [y, 2)", "s ~ -2.41e3", "rn(1/3, mpfr:p) == v", "x in ?", "isnan(x) or isinf(y)",
        "d(f(y), y) in ?", "(x <\n y)", "fl(s, mpfr: p) != 1 iff p >= 3", "x^2 in [0, ∞)",
    ];
    const CLAUSES: &[&str] = &[
        "",
        "\n where v = y",
        " where v = p, t = v\n\n",
        " where v = s ~ 2",
    ];
    let mut state = 7u64;
    let mut below = |n: usize| {
        state = state
            .wrapping_mul(6364136223846793005)
            .wrapping_add(1442695040888963407);
        (state >> 33) as usize % n
    };
    let mut known = Definitions::new();
    known.add("d", "s = x + 1\nf(t) = t*x\nf'(t) = x").unwrap();
    let (mut good, mut bad) = (0, 0);
    for round in 0..20_000 {
        let mut parts = vec![HEADS[below(HEADS.len())], BODIES[below(BODIES.len())]];
        parts.push(CLAUSES[below(CLAUSES.len())]);
        parts.push(" for x, y, p in 2..9");
        // Half of them are broken.
        for _ in 0..below(4) * (round % 2) {
            match below(3) {
                0 => drop(parts.pop()),
                _ => parts.insert(below(parts.len() + 1), PIECES[below(PIECES.len())]),
            }
        }
        let text = parts.concat();
        let mut one = known.clone();
        let mut check = |result: Result<Vec<Claim>, Diagnostic>, one: &mut Definitions| match result
        {
            Ok(claims) => {
                for claim in claims {
                    assert_eq!(
                        one.sources().text(claim.span).trim(),
                        one.sources().text(claim.span)
                    );
                    let precisions: Vec<(String, u32)> = claim
                        .precision_variables()
                        .into_iter()
                        .map(|name| (name, 24))
                        .collect();
                    one.resolve_claim(&claim, &precisions).expect(&text);
                    good += 1;
                }
            }
            Err(error) => {
                let place = error.span.expect("a place");
                one.sources().text(place);
                bad += 1;
            }
        };
        let claim = one.claim("claim", &text).map(|claim| vec![claim]);
        check(claim, &mut one);
        let document = one.add_document("document", &text);
        check(document, &mut one);
    }
    assert!(good > 10_000 && bad > 10_000, "{good} {bad}");
}
