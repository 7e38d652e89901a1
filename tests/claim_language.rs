//! The language of claims: their forms, what their names mean, and what is
//! said about bad ones.

mod common;

use common::shape;
use ulpscope::format::Format;
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
        ("x ≈ −2.41", "(and (<= -2.415 x) (<= x -2.405))"),
        ("x ~ 57%", "(and (<= 0.565 x) (<= x 0.575))"),
        ("x ~ 100", "(and (<= 99.5 x) (<= x 100.5))"),
        ("x ~ 0x1.8p3", "(and (<= 11.75 x) (<= x 12.25))"),
        ("x ~ 0.0", "(and (<= -0.05 x) (<= x 0.05))"),
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
        ("d(e^2, e) < 1 for e", "(< (* (* 2 e) 1) 1)"),
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
    assert!(read.as_secs() < 20, "{read:?}");
    eprintln!("{read:?} {:?}", start.elapsed());
    let lines: Vec<String> = (0..100_000).map(|i| format!("a{i} = {i}")).collect();
    let text = format!("a0 > 1 where {} for b", lines.join(",\n"));
    known.claim("claim", &text).unwrap();
    let lines: Vec<String> = (0..100_000).map(|i| format!("a{i} in [0, 1]")).collect();
    let claim = known.claim("claim", &format!("a0 > 1 for {}", lines.join(",\n")));
    assert_eq!(claim.unwrap().variables.len(), 100_000);
}

/// What is said about a bad claim: the message, the byte where the marked text
/// begins, that text, and the help.
fn said(definitions: &Definitions, error: Diagnostic) -> (String, u32, String, String) {
    let span = error.span.expect("a place");
    (
        error.message,
        span.start,
        definitions.sources().text(span).to_string(),
        error.help.unwrap_or_default(),
    )
}

#[test]
fn bad_claims() {
    let table: &[(&str, &str, &str)] = &[("", "", "")];
    for (text, ..) in [
        "claim \"t\" x < 1",
        "claim \"t\"",
        "claim 'a': 1 < 2",
        "claim \"t\" refutd: 1 < 2",
        "claim false: 1 < 2",
        "claim refuted 1 < 2",
        "claim = 2",
        "claim \"a",
        "claim \"a\nb\": 1 < 2",
        "claim \"a\\n\": 1 < 2",
        "claim \"\":",
        "",
        "1 + 2",
        "x < 1 in ? for x",
        "x < 1",
        "f(1) < 1",
        "x < 1 for",
        "x < 1 for for",
        "x < 1 for [0, 1]",
        "x < 1 for x, x",
        "x < 1 where x = 1 for x",
        "x < 1 where x = 1, x = 2",
        "x < 1 where exp = 2",
        "x < 1 for ln",
        "x < 1 where isnan = 2",
        "x < 1 for x in",
        "x < 1 for x in, y",
        "x < 1 for x in 5",
        "x < 1 for x in ?",
        "x < 1 for x in [0, 1",
        "x < 1 for x in [0]",
        "x < 1 for x in []",
        "x < 1 for x in [0, 1, 2]",
        "x < 1 for x in {0, 1}",
        "x < 1 for x in (0)",
        "x < 1 for x in 1..2:3",
        "x < 1 for x : mpfr:53 in [0, 1]",
        "x < 1 for x : mpfr:p",
        "x < 1 for x : f32/rz",
        "x < 1 for x : bf16@f32 in [0, 1]",
        "x < 1 for x : f33 in [0, 1]",
        "x < 1 for x : in [0, 1]",
        "x < 1 for x :",
        "x < 1 for x : f32 in 0..1",
        "x < 1 for x : F",
        "x < 1 for x = 3",
        "x < 1 for x y",
        "x < 1 for x < 2",
        "x < 1 for x for y",
        "x < 1 where x = 1 where y = 2",
        "x < 1 for x where y = 1",
        "x < 1 where x == 1",
        "x < 1 where x",
        "x < 1 where x = 1 y = 2",
        "x < y where x = y, y = x",
        "1 < 2 where x = y",
        "1 < 2 where x = sin(2, 3)",
        "x < 1 for x in [0, y]",
        "x < 1 for x in [0, x]",
        "x < 1 for x in [0, 1 < 2]",
        "x < 1 for x in [0, w] where w = 1",
        "fl(1/3, mpfr:p) < 1 for p in [2, 9]",
        "fl(1/3, mpfr:q) < 1 for p in 2..9",
        "x < 1 for x in [0, rn(1, mpfr:p)], p in 2..9",
        "fl(1/3, mpfr:p/rz) < 1 for p in 2..9",
        "a < b in [0, 1] for a, b",
        "a in [0, 1] < b for a, b",
        "a ~ 1 ~ 2 for a",
        "a ~ b for a, b",
        "a ~ 1 + 1 for a",
        "a ~ 2^3 for a",
        "a ~ 2² for a",
        "a ~",
        "a ~ (2)",
        "~ 3",
        "a in 3",
        "a in",
        "in [0, 1]",
        "a in [0, 1] + 1",
        "not a in ?",
        "(a in ?)",
        "1 < a in ?",
        "a in ? and b",
        "a in ? < 1",
        "a in (1)",
        "a in [1..2]",
        "a in [1, 2",
        "(a + b]",
        "a]",
        "(a in [0, 1]",
        "exp(claim)",
        "isnan(1 < 2)",
        "isnan(1, 2)",
        "isnan",
        "x in [0, 1 < 2] for x",
        "(1 < 2) ~ 1",
        "1 < 2 claim: 1 < 2",
        "a ~ 1e-1000000 for a",
        "\"a\" < 1",
        "x < 1 ? 2",
        "a[1] < 2",
        "x < 1\ny < 2",
        "x < 1 for x\n\nclaim: 1 < 2",
        "x < 1 for x in (0, 1]]",
        "x < fl(1, F) for x",
        "claim (1 < 2)",
        "z(1) < 1 for z",
        "x < 1 for x in [0, 1 for y",
    ]
    .map(|text| (text, 0))
    {
        let mut known = Definitions::new();
        known.add("d", "f(t) = t*u").unwrap();
        match known.claim("claim", text) {
            Ok(_) => eprintln!("({text:?}, OK)"),
            Err(error) => {
                let (m, s, t, h) = said(&known, error);
                eprintln!("({text:?}, {m:?}, {s}, {t:?}, {h:?}),");
            }
        }
    }
    let _ = table;
    let _ = Format::F32;
}
