/** Each activation and its derivative as they are written on a board. */

const CASES = (/** @type {string[][]} */ ...rows) =>
  `\\begin{cases} ${rows.map((row) => row.join(' & ')).join(' \\\\ ')} \\end{cases}`;
const UP = 'x > 0';
const DOWN = 'x \\le 0';
const ELSE = '\\text{else}';

/** @type {Record<string, [string, string]>} f(x) and f'(x) */
export const FORMULAS = {
  identity: ['x', '1'],
  step: [CASES(['1', UP], ['f(0)', 'x = 0'], ['0', 'x < 0']), '0'],
  sigmoid: ['\\dfrac{1}{1 + e^{-x}}', 'f(x)\\,(1 - f(x))'],
  tanh: ['\\dfrac{e^x - e^{-x}}{e^x + e^{-x}}', '1 - f(x)^2'],
  relu: ['\\max(0, x)', CASES(['1', UP], ['0', DOWN])],
  leaky_relu: [CASES(['x', UP], ['a x', DOWN]), CASES(['1', UP], ['a', DOWN])],
  prelu: [CASES(['x', UP], ['w x', DOWN]), CASES(['1', UP], ['w', DOWN])],
  relu6: ['\\min(\\max(0, x), 6)', CASES(['1', '0 < x < 6'], ['0', ELSE])],
  elu: [CASES(['x', UP], ['\\alpha (e^x - 1)', DOWN]), CASES(['1', UP], ['\\alpha e^x', DOWN])],
  selu: [`\\lambda ${CASES(['x', UP], ['\\alpha (e^x - 1)', DOWN])}`, `\\lambda ${CASES(['1', UP], ['\\alpha e^x', DOWN])}`],
  celu: [CASES(['x', UP], ['\\alpha (e^{x/\\alpha} - 1)', DOWN]), CASES(['1', UP], ['e^{x/\\alpha}', DOWN])],
  gelu: ['x\\, \\Phi(x)', '\\Phi(x) + x\\, \\varphi(x)'],
  silu: ['x\\, \\sigma(x)', '\\sigma(x)\\,\\bigl(1 + x\\,(1 - \\sigma(x))\\bigr)'],
  mish: ['x \\tanh(s), \\quad s = \\ln(1 + e^x)', '\\tanh s + x\\, \\sigma(x)\\,(1 - \\tanh^2 s)'],
  softplus: ['\\tfrac{1}{\\beta} \\ln(1 + e^{\\beta x})', '\\sigma(\\beta x)'],
  softsign: ['\\dfrac{x}{1 + |x|}', '\\dfrac{1}{(1 + |x|)^2}'],
  sinc: [CASES(['\\dfrac{\\sin x}{x}', 'x \\ne 0'], ['1', 'x = 0']), '\\dfrac{\\cos x - f(x)}{x}'],
  hardtanh: ['\\min(\\max(x, a), b)', CASES(['1', 'a < x < b'], ['0', ELSE])],
  hardsigmoid: ['\\tfrac{1}{6} \\min(\\max(0, x + 3), 6)', CASES(['\\tfrac{1}{6}', '|x| < 3'], ['0', ELSE])],
  hardswish: [
    '\\tfrac{x}{6} \\min(\\max(0, x + 3), 6)',
    CASES(['\\tfrac{2x + 3}{6}', '|x| < 3'], ['1', 'x \\ge 3'], ['0', 'x \\le -3']),
  ],
  logsigmoid: ['-\\ln(1 + e^{-x})', '\\sigma(-x)'],
  tanhshrink: ['x - \\tanh x', '\\tanh^2 x'],
  softshrink: [
    CASES(['x - \\lambda', 'x > \\lambda'], ['x + \\lambda', 'x < -\\lambda'], ['0', ELSE]),
    CASES(['1', '|x| > \\lambda'], ['0', ELSE]),
  ],
  hardshrink: [CASES(['x', '|x| > \\lambda'], ['0', ELSE]), CASES(['1', '|x| > \\lambda'], ['0', ELSE])],
  rrelu: [CASES(['x', UP], ['a x', DOWN]) + ',\\quad a = \\tfrac{l + u}{2}', CASES(['1', UP], ['a', DOWN])],
  glu: ['x\\, \\sigma(b)', '\\sigma(b)'],
  threshold: [CASES(['x', 'x > \\theta'], ['v', 'x \\le \\theta']), CASES(['1', 'x > \\theta'], ['0', 'x \\le \\theta'])],
};
