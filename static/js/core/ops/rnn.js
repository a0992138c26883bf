/** rnn: h = tanh(a) or max(0, a); the sum a is opened in core/recurrent. */
import { recurrent } from '../recurrent/op.js';

export const rnn = recurrent(({ gates: [{ preactivation, value }] }) => [
  { label: 'a', weight: null, value: preactivation, product: value },
]);
