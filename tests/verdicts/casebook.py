#!/usr/bin/env python3
"""Recomputes every figure that reports/casebook.md states, without ulpscope.

Needs mpmath. Real numbers have 130 digits, and a rounding is that of an exact
fraction. A computed value rounds every operation, elementary functions
correctly. Prints one line for each figure.
"""

from fractions import Fraction
from math import inf, isfinite, isinf, isnan, nan
from types import SimpleNamespace

from mpmath import mp, mpf

mp.dps = 130
FORMATS = {  # precision, emin, largest number
    "f16": (11, -14, 65504),
    "bf16": (8, -126, (2**8 - 1) * 2**120),
    "f32": (24, -126, (2**24 - 1) * 2**104),
    "f64": (53, -1022, (2**53 - 1) * 2**971),
    "f128": (113, -16382, (2**113 - 1) * 2**16271),
    "f8e4m3fn": (4, -6, 448),
}


def exact(x):
    """An mpf, an int or a decimal as a fraction."""
    if isinstance(x, mpf):
        sign, man, exp, _ = x._mpf_
        return (-1) ** sign * int(man) * Fraction(2) ** exp
    return Fraction(x)


def log2_floor(x):
    e = x.numerator.bit_length() - x.denominator.bit_length()
    return e if Fraction(2) ** e <= x else e - 1


def describe(fmt):
    return FORMATS[fmt] if isinstance(fmt, str) else (fmt, None, None)


def ulp(x, fmt):
    p, emin, _ = describe(fmt)
    e = log2_floor(abs(exact(x)))
    return Fraction(2) ** ((e if emin is None else max(e, emin)) - p + 1)


def rn(x, fmt, ftz=False):
    """Rounds once, to nearest even; a fraction, or an infinity or NaN."""
    if isinstance(x, float):
        return x
    x = exact(x)
    if x == 0:
        return x
    _, emin, largest = describe(fmt)
    value = round(x / ulp(x, fmt)) * ulp(x, fmt)
    if largest and abs(value) > largest:
        return nan if fmt.endswith("fn") else inf if x > 0 else -inf
    if ftz and abs(value) < Fraction(2) ** emin:
        return Fraction(0)
    return value


def machine(fmt, ftz=False):
    """The operations of a format; signs of zeros do not matter here."""

    def r(x):
        return rn(x, fmt, ftz)

    def real(x):
        return mpf(x.numerator) / x.denominator

    def exp(x):
        if isinstance(x, float):
            return 0 if x == -inf else x
        return r(mp.exp(real(x)))

    def log(x):
        return -inf if x == 0 else x if isinstance(x, float) else r(mp.log(real(x)))

    def div(a, b):
        if isinstance(a, float) or isinstance(b, float):
            return (
                nan
                if not isfinite(a) and not isfinite(b)
                else a if not isfinite(a) else Fraction(0)
            )
        return r(exact(a) / exact(b))

    def add(a, b):
        return a if isinstance(a, float) else b if isinstance(b, float) else r(exact(a) + exact(b))

    def mul(a, *more):
        for b in more:
            a = r(exact(a) * exact(b))
        return a

    m = SimpleNamespace(r=r, exp=exp, log=log, div=div, add=add, mul=mul)
    m.tanh = lambda x: r(mp.tanh(real(x)))
    m.sigmoid = lambda z: div(1, add(1, exp(-z)))
    return m


def ordinal(x, fmt):
    p, emin, _ = FORMATS[fmt]
    e = max(log2_floor(x), emin)
    return ((e - emin) << (p - 1)) + int(x / Fraction(2) ** (e - p + 1))


def number(n, fmt):
    p, emin, _ = FORMATS[fmt]
    e = max((n >> (p - 1)) - 1, 0)
    return (n - (e << (p - 1))) * Fraction(2) ** (e + emin - p + 1)


def onset(holds, fmt, low, high):
    """The first positive float from which on a monotone property holds: found
    by halving, and then looked for among 2,000 floats on either side."""
    a, b = ordinal(rn(low, fmt), fmt), ordinal(rn(high, fmt), fmt)
    while b - a > 1:
        middle = (a + b) // 2
        a, b = (a, middle) if holds(number(middle, fmt)) else (middle, b)
    near = [holds(number(n, fmt)) for n in range(b - 2000, b + 2000)]
    return number(b, fmt), "one change" if near == sorted(near) else "SEVERAL CHANGES"


def shortest(x, fmt):
    """The fewest digits that round to x."""
    digits = next(d for d in range(1, 60) if rn(mp.nstr(real(x), d), fmt) == x)
    return mp.nstr(real(x), digits)


def real(x):
    return x if isinstance(x, (float, mpf)) else mpf(x.numerator) / x.denominator


def show(row, what, *values):
    def text(v):
        return mp.nstr(real(v), 24) if isinstance(v, (Fraction, mpf)) else str(v)

    print(f"{row}  {what:<58}", *map(text, values))


def sigma(z):
    return 1 / (1 + mp.exp(-z))


FOUR = ["bf16", "f16", "f32", "f64"]
EXACT = 125 * sigma(mpf(50)) ** 2 * sigma(mpf(-50))  # 1 − σ(50) = σ(−50)


def gradient(fmt):
    m = machine(fmt)
    z = m.mul(m.r("0.8"), m.r("62.5"))
    a = m.sigmoid(z)
    slope = m.mul(a, m.add(1, -a))
    return m.mul(m.mul(2, a), slope, m.r("62.5"))


def main():
    for fmt in FOUR:
        m = machine(fmt)
        show("C01", f"sigmoid(50), gradient in {fmt}", m.sigmoid(Fraction(50)), gradient(fmt))
        show("C01", f"gradient rounded once to {fmt}", rn(EXACT, fmt))
        show("C02", f"exp(-50) in {fmt}", m.exp(Fraction(-50)))
    show(
        "C02",
        "exp(-50); least normal f16, bf16, f64",
        mp.exp(-50),
        mpf(2) ** -14,
        mpf(2) ** -126,
        mpf(2) ** -1022,
    )
    show("C03", "2 (1 - 0) s (1 - s) 62.5", 125 * sigma(mpf(50)) * sigma(mpf(-50)))
    show("C03", "the gradient, 2 (s - 0) s (1 - s) 62.5", EXACT)
    computed = [p for p in range(2, 401) if machine(p).sigmoid(Fraction(50)) != 1]
    once = [p for p in range(2, 401) if rn(sigma(mpf(50)), p) != 1]
    show("C05", "sigmoid(50) != 1 of p = 2..400: first, how many", computed[0], len(computed))
    show("C05", "the same, rounded once", once[0], len(once))
    for fmt in [73, "f128"]:
        g = gradient(fmt)
        show("C05", f"gradient in {fmt}, its relative error", g, real(g) / EXACT - 1)
    for fmt in FOUR:
        w = rn("0.8", fmt)
        lr = (real(w) - real(w - ulp(w, fmt) / 2)) / EXACT
        show("C06", f"{fmt}: w = rn(0.8), lr that reaches the tie below", w, lr)
        lr = (mpf(8) / 10 - real(w - ulp(w, fmt) / 2)) / EXACT
        show("C06", f"{fmt}: the same with w = 0.8 itself", lr)
    g = rn(EXACT, "f64")
    w = rn("0.8", "f64")
    show(
        "C06",
        "f64: w - lr g, every operation rounded, lr 2302.47, 2302.48",
        *(rn(w - rn(rn(lr, "f64") * g, "f64"), "f64") == w for lr in ["2302.47", "2302.48"]),
    )
    for fmt in FOUR:
        m = machine(fmt)
        s, t = m.sigmoid(Fraction(50)), m.sigmoid(Fraction(-50))
        v = m.mul(2, s, t, Fraction("62.5"))
        exact_form = 125 * sigma(mpf(50)) * sigma(mpf(-50))
        show("C07", f"2 s(50) s(-50) 62.5 in {fmt}, relative error", v, real(v) / exact_form - 1)
    m, s = machine("f64"), machine("f32")
    show("C09", "exp(-37) in f64", m.exp(Fraction(-37)))
    show(
        "C11",
        "exp(-40), 1 + exp(-40), sigmoid(40) in f64",
        m.exp(Fraction(-40)),
        m.add(1, m.exp(Fraction(-40))),
        m.sigmoid(Fraction(40)),
    )
    show("C11", "sigmoid is 1 in f64 from", *onset(lambda x: m.sigmoid(x) == 1, "f64", 1, 100))
    x, how = onset(lambda x: m.exp(-x) == 0, "f64", 700, 800)
    show("C11", "exp(-x) is 0 in f64 from", how, x)
    show("C13", "tanh(9.01) in f32", s.tanh(rn("9.01", "f32")))
    x, how = onset(lambda x: s.tanh(x) == 1, "f32", 1, 88)
    show("C13", "tanh is 1 in f32 from", shortest(x, "f32"), how, x)
    show(
        "C15",
        "tanh(6) in f32, f16, bf16",
        *(machine(f).tanh(Fraction(6)) for f in ("f32", "f16", "bf16")),
    )
    for fmt in ("f16", "bf16"):
        x, how = onset(lambda x: machine(fmt).tanh(x) == 1, fmt, 1, 88)
        show("C15", f"tanh is 1 in {fmt} from", shortest(x, fmt), how)
    x, how = onset(lambda x: s.log(s.add(1, -s.sigmoid(x))) == -inf, "f32", 1, 80)
    show("C17", "log(1 - sigmoid(x)) is -inf in f32 from", shortest(x, "f32"), how)
    loss = lambda m, x: -m.log(m.sigmoid(x))
    show(
        "C19",
        "-log(sigmoid(x)) in f32, x = -90, -80",
        loss(s, Fraction(-90)),
        loss(s, Fraction(-80)),
    )
    for ftz in (False, True):
        f = machine("f32", ftz)
        x, how = onset(lambda x: isinf(loss(f, -x)), "f32", 1, 100)
        show("C19", f"it is inf in f32{'+ftz' * ftz} from -x =", shortest(x, "f32"), how, x)
    show(
        "C19",
        "at 10: computed, exact, relative error",
        loss(s, Fraction(10)),
        mp.log1p(mp.exp(-10)),
        real(loss(s, Fraction(10))) / mp.log1p(mp.exp(-10)) - 1,
    )
    tanh = lambda m, x: m.div(m.add(m.exp(m.mul(2, x)), -1), m.add(m.exp(m.mul(2, x)), 1))
    x, how = onset(lambda x: isnan(tanh(s, x)), "f32", 1, 100)
    show("C21", "(exp(2x) - 1)/(exp(2x) + 1) is NaN in f32 from", shortest(x, "f32"), how, x)
    x, how = onset(lambda x: isnan(tanh(m, x)), "f64", 1, 1000)
    show("C21", "the same in f64", shortest(x, "f64"), how)
    for fmt in ("f64", "f32", "f16", "bf16"):
        x, how = onset(lambda x: rn(mp.log1p(mp.exp(-real(x))) + real(x), fmt) == x, fmt, 1, 1000)
        show("C23", f"softplus(x) rounds to x in {fmt} from", shortest(x, fmt), how, x)
        f = machine(fmt)
        if fmt in ("f16", "bf16"):
            high = f.r(mp.log(FORMATS[fmt][2]))
            x, how = onset(lambda x: f.log(f.add(1, f.exp(x))) == x, fmt, 1, high)
            show("C23", f"log(1 + exp(x)) computed, {fmt}", shortest(x, fmt), how)
    show(
        "C25",
        "1e-6 in f16; least normal, subnormal",
        rn("1e-6", "f16"),
        mpf(2) ** -14,
        mpf(2) ** -24,
    )
    show("C27", "1e-8 in f32, f16", rn("1e-8", "f32"), rn("1e-8", "f16"))
    show("C29", "6.0e-5 in f16, f16+ftz", rn("6.0e-5", "f16"), rn("6.0e-5", "f16", True))
    show("C31", "0.999 in bf16, f16", rn("0.999", "bf16"), rn("0.999", "f16"))
    all_bf16 = [
        number(n, "bf16") for n in range(1, ordinal(Fraction(FORMATS["bf16"][2]), "bf16") + 1)
    ]
    for c in (
        "1.001",
        "0.999",
        "1.00195",
        "1.001953125",
        "1.00196",
        "1.0039",
        "1.00390625",
        "1.00391",
    ):
        lost = sum(rn(w * Fraction(c), "bf16") == w for w in all_bf16)
        normal = sum(rn(w * Fraction(c), "bf16") == w for w in all_bf16 if w >= Fraction(2) ** -126)
        show(
            "C33", f"positive bf16 w with w*{c} rounding to w; normal", lost, normal, len(all_bf16)
        )
    show(
        "C35", "15962, 15968 in bf16; ulp", rn(15962, "bf16"), rn(15968, "bf16"), ulp(15962, "bf16")
    )
    for x in (15936, 15962, 15968, 16000):
        show("C35", f"cos({x}), sin({x})", mp.cos(x), mp.sin(x))
    show("C37", "464, 465, 480 in f8e4m3fn", *(rn(x, "f8e4m3fn") for x in (464, 465, 480)))
    for fmt in FOUR:
        top = 2 ** FORMATS[fmt][0]
        show("C39", f"2^p and its successor in {fmt}", top, rn(top + 1, fmt))
    show(
        "C41",
        "ulp of 254.1 in f32; 254.1 and 254.1 + 2.5e-5 in f32",
        ulp("254.1", "f32"),
        rn("254.1", "f32"),
        rn(Fraction("254.1") + Fraction("2.5e-5"), "f32"),
    )
    show("C43", "25.01 in bf16, ulp", rn("25.01", "bf16"), ulp("25.01", "bf16"))
    show(
        "C45",
        "128*256*256/sqrt(128), in f16",
        128 * 256 * 256 / mp.sqrt(128),
        rn(128 * 256 * 256 / mp.sqrt(128), "f16"),
    )


main()
