/** lstm: h = o tanh(c), c = f c' + i g; its gates are opened in core/recurrent. */
import { recurrent } from '../recurrent/op.js';
import { gateNamed } from '../recurrent/unit.js';

export const lstm = recurrent((opened) => {
  const o = gateNamed(opened, 'o').value;
  const squashed = Math.tanh(opened.update[0].value);
  return [{ label: 'tanh(c)', weight: o, value: squashed, product: o * squashed }];
});
