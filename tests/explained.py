"""The table tests/explained.tsv was made with, and is checked by, this script.

    python3 tests/explained.py        checks each row
    python3 tests/explained.py -v     and prints what was found

It shares nothing with the program: a parser of its own; every operation carried
out by gmpy2 to 4000 bits and then rounded to the format; the derivatives by
central differences at 4000 bits. What the columns mean stands in the table.
"""

import pathlib
import re
import sys

import gmpy2
from gmpy2 import mpfr, mpq

gmpy2.set_context(gmpy2.context(precision=4000, emax=gmpy2.get_emax_max(), emin=gmpy2.get_emin_min()))
FORMATS = {"f16": (11, 15), "bf16": (8, 127), "f32": (24, 127), "f64": (53, 1023)}  # p, emax
PRELUDE = {"sigmoid": ("z", "1/(1 + exp(-z))"), "elu": ("x", "if x > 0 then x else exp(x) - 1")}
BINARY = {
    "+": lambda x, y: x + y, "-": lambda x, y: x - y, "*": lambda x, y: x * y, "/": gmpy2.div,
    "^": lambda x, y: x**y, "<": lambda x, y: mpfr(x < y), ">": lambda x, y: mpfr(x > y),
    "hypot": gmpy2.hypot, "min": gmpy2.minnum, "max": gmpy2.maxnum,
}
UNARY = {name: getattr(gmpy2, name) for name in
         "sqrt cbrt exp expm1 log log1p sin cos tan acos sinh tanh erf erfc".split()}
OTHER = {"neg": lambda x: -x, "abs": abs, "fma": gmpy2.fma, "if": lambda c, x, y: x if c else y}
OPERATIONS = BINARY | UNARY | OTHER
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:e-?\d+)?)|(\w+)|(.))")


class Graph:
    """The operations of a formula, operands first, equal ones once."""

    def __init__(self, inputs):
        self.nodes = []  # (operation, operands), ("input", (name, number)), ("literal", number)
        self.texts = []  # of each node, as they stand in the formula
        self.index = {}
        self.scope = {name: self.node("input", (name, value), name) for name, value in inputs.items()}

    def node(self, operation, operands, text):
        key = (operation, operands)
        if key not in self.index:
            self.index[key] = len(self.nodes)
            self.nodes.append(key)
            self.texts.append(set())
        self.texts[self.index[key]].add(text)
        return self.index[key]

    def parse(self, text, scope=None):
        return Parser(self, text, self.scope if scope is None else scope).whole()

    def operands(self, i):
        operation, operands = self.nodes[i]
        return () if operation in ("input", "literal") else operands

    def live(self, root, values):
        """The nodes that the result depends on, in order; of an `if`, the taken side alone."""
        seen, todo = set(), [root]
        while todo:
            i = todo.pop()
            seen.add(i)
            operands = self.operands(i)
            if self.nodes[i][0] == "if":
                operands = (operands[0], operands[1] if values[operands[0]] else operands[2])
            todo += operands
        return sorted(seen)

    def step(self, i, values):
        operation, operands = self.nodes[i]
        if operation == "input":
            return mpfr(operands[1])
        if operation == "literal":
            return mpfr(operands)
        return OPERATIONS[operation](*(values[k] for k in operands))

    def run(self, finish=lambda i, value: value):
        values = []
        for i in range(len(self.nodes)):
            values.append(finish(i, self.step(i, values)))
        return values


class Parser:
    """Recursive descent; each operation keeps its text."""

    def __init__(self, graph, text, scope):
        self.graph, self.text, self.scope, self.at = graph, text, scope, 0
        self.tokens = [m for m in TOKEN.finditer(text.rstrip())]

    def peek(self):
        return self.tokens[self.at][0].strip() if self.at < len(self.tokens) else ""

    def take(self, *expected):
        token = self.peek()
        assert not expected or token in expected, f"{self.text}: {token!r} instead of {expected}"
        self.at += 1
        return token

    def make(self, operation, operands, start):
        first, last = self.tokens[start], self.tokens[self.at - 1]
        text = self.text[first.start() : last.end()].strip()
        return self.graph.node(operation, operands, text)

    def whole(self):
        root = self.expression()
        assert self.at == len(self.tokens), f"{self.text}: {self.peek()!r} is left over"
        return root

    def expression(self):
        start = self.at
        if self.peek() != "if":
            return self.chain("+-", lambda: self.chain("*/", self.unary))
        self.take("if")
        left = self.expression()
        condition = self.make(self.take("<", ">"), (left, self.expression()), start + 1)
        self.take("then")
        yes = self.expression()
        self.take("else")
        return self.make("if", (condition, yes, self.expression()), start)

    def chain(self, operators, operand):
        start, left = self.at, operand()
        while self.peek() and self.peek() in operators:
            left = self.make(self.take(), (left, operand()), start)
        return left

    def unary(self):
        start = self.at
        if self.peek() == "-":
            self.take("-")
            return self.make("neg", (self.unary(),), start)
        base = self.atom()
        if self.peek() == "^":
            self.take("^")
            return self.make("^", (base, self.unary()), start)
        return base

    def atom(self):
        start, token = self.at, self.take()
        if token == "(":
            inner = self.expression()
            self.take(")")
            return inner
        if self.tokens[start][1]:
            digits, _, power = token.partition("e")
            return self.make("literal", mpq(digits) * mpq(10) ** int(power or 0), start)
        if self.peek() != "(":
            return self.scope[token]
        self.take("(")
        arguments = [self.expression()]
        while self.take(",", ")") == ",":
            arguments.append(self.expression())
        if token in PRELUDE:
            parameter, body = PRELUDE[token]
            return self.call(token, body, {parameter: arguments[0]}, start)
        return self.make(token, tuple(arguments), start)

    def call(self, name, body, scope, start):
        node = self.graph.parse(body, scope)
        self.make(*self.graph.nodes[node], start)  # the call's own text too
        return node


def rounded(x, name):
    """Rounded to the format, to nearest even; x has far more bits than any tie."""
    p, emax = FORMATS[name]
    if not gmpy2.is_finite(x) or x == 0:
        return x
    shift = p - 1 - max(gmpy2.get_exp(x) - 1, 1 - emax)
    scale = mpfr(2) ** shift
    result = gmpy2.copy_sign(gmpy2.rint(x * scale) / scale, x)
    return result if abs(result) < mpfr(2) ** (emax + 1) else gmpy2.copy_sign(gmpy2.inf(), x)


def happened(graph, i, values, exact, name):
    """What happened at a node, given what it computes exactly from its computed operands."""
    value, operands = values[i], [values[k] for k in graph.operands(i)]
    if gmpy2.is_nan(value):
        return "invalid"
    if not gmpy2.is_finite(value):
        return "overflow" if gmpy2.is_finite(exact) else "division-by-zero"
    if value != exact and abs(value) < mpfr(2) ** (1 - FORMATS[name][1]):
        return "subnormal" if value != 0 else "underflow"
    if graph.nodes[i][0] in "+-" and 0 not in operands and abs(value) in map(abs, operands):
        return "absorbed"
    return "rounded" if value != exact else "exact"


def exposed_by(graph, live, culprit, exact, slope):
    """The operation that amplifies the culprit's relative error most, if more than 10-fold."""
    effect = {i: abs(slope[i] / exact[i]) for i in live if slope[i] != 0}
    best = (mpfr(10), None)
    for i in effect:
        before = [effect[k] for k in graph.operands(i) if k in effect]
        if i != culprit and before:
            best = max(best, (effect[i] / max(before), i), key=lambda found: found[0])
    return best[1]


def explain(formula, define, at, name):
    """What the columns after the format should hold."""
    constants = Graph({})
    inputs = {}
    for part in at.split(","):
        variable, value = part.split("=")
        root = constants.parse(value)
        inputs[variable.strip()] = mpq(constants.run()[root])
        if constants.nodes[root][0] == "literal":  # exactly, not to 4000 bits
            inputs[variable.strip()] = constants.nodes[root][1]
    graph = Graph(inputs)
    for definition in [] if define == "-" else define.split(";"):
        variable, body = definition.split("=", 1)
        graph.scope[variable.strip()] = graph.parse(body.strip())
    root = graph.parse(formula)

    exact = graph.run(lambda i, value: mpfr(0) if abs(value) < mpfr(2) ** -3000 else value)  # what 4000 bits leave of 0
    values = graph.run(lambda i, value: rounded(value, name))
    local = [graph.step(i, values) for i in range(len(values))]
    live = graph.live(root, values)
    error = values[root] - exact[root]
    found = {"texts": {"-"}, "happened": "-", "exposed": {"-"}, "share": None, "inputs": None,
             "value": values[root], "relative": abs(error / exact[root]) if error else mpfr(0), "shares": []}

    lost = [i for i in live if not gmpy2.is_finite(values[i]) and gmpy2.is_finite(exact[i])]
    if lost:
        found["texts"] = graph.texts[lost[0]]
        return found | {"happened": happened(graph, lost[0], values, local[lost[0]], name)}
    if error == 0:
        return found

    def slopes(i):
        """The derivative of every node by node i, at the exact values."""
        h = mpfr(2) ** -1300 * (abs(exact[i]) or 1)
        up, down = (graph.run(lambda k, x: x + d if k == i else x) for d in (h, -h))
        return [(u - d) / (2 * h) for u, d in zip(up, down)]

    slope = {i: slopes(i) for i in live}
    share = {i: 100 * slope[i][root] * (values[i] - local[i]) / error for i in live}
    found["inputs"] = sum(share[i] for i in live if graph.nodes[i][0] == "input")
    found["shares"] = sorted(((float(s), min(graph.texts[i])) for i, s in share.items()), key=lambda s: -abs(s[0]))
    culprit = max(live, key=lambda i: abs(share[i]))
    if 2 * abs(share[culprit]) > sum(map(abs, share.values())):
        exposed = exposed_by(graph, live, culprit, exact, slope[culprit])
        found |= {"texts": graph.texts[culprit], "share": share[culprit],
                  "happened": happened(graph, culprit, values, local[culprit], name),
                  "exposed": {"-"} if exposed is None else graph.texts[exposed]}
    return found


def within(text, figure, half_unit=None):
    """`2..3`, or one number give or take half its last digit's unit; `%` divides by 100."""
    if text == "-" or figure is None:
        return text == "-" and figure is None
    scale = 100 if "%" in text else 1
    ends = text.replace("%", "").split("..")
    low, high = mpq(ends[0]), mpq(ends[-1])
    if len(ends) == 1:
        digits, _, power = ends[0].partition("e")
        unit = mpq(10) ** (int(power or 0) - len(digits.partition(".")[2]))
        low, high = low - (half_unit or unit / 2), high + (half_unit or unit / 2)
    return low <= figure * scale <= high


def final(text, found):
    if text == "nan":
        return gmpy2.is_nan(found["value"])
    if text in ("0", "inf", "-inf"):
        return found["value"] == mpfr(text)
    if text in ("exact", "none"):
        return found["relative"] == (0 if text == "exact" else gmpy2.inf())
    return found["value"] != 0 and within(text, found["relative"])


def main():
    wrong = 0
    table = pathlib.Path(__file__).with_suffix(".tsv").read_text(encoding="utf-8")
    for line in table.splitlines():
        if not line or line.startswith("#"):
            continue
        formula, define, at, name, culprit, what, exposed, share, inputs, end, _ = line.split("\t")
        found = explain(formula, define, at, name)
        checks = {
            "culprit": culprit in found["texts"],
            "happened": what == found["happened"],
            "exposed": exposed in found["exposed"],
            "share": within(share, found["share"], 2),
            "inputs": within(inputs, found["inputs"], 2),
            "final": final(end, found),
        }
        bad = [column for column, right in checks.items() if not right]
        wrong += bool(bad)
        if bad or "-v" in sys.argv:
            print("\t".join((formula, define, at, name)), "WRONG: " + ", ".join(bad) if bad else "", sep="\t")
            print(f"    {sorted(found['texts'])} {found['happened']}, exposed by {sorted(found['exposed'])};", end=" ")
            print(f"{float(found['value']):.17g}, relative error {float(found['relative']):.3g}")
            print("    shares:", "; ".join(f"{s:.4g} % {text}" for s, text in found["shares"][:5]))
    print(f"{wrong} rows are wrong" if wrong else "every row is right")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
