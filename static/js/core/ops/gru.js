/** gru: h = (1 - z) n + z h'; its gates are opened in core/recurrent. */
import { recurrent } from '../recurrent/op.js';
import { gateNamed } from '../recurrent/unit.js';

export const gru = recurrent((opened) => {
  const z = gateNamed(opened, 'z').value;
  const n = gateNamed(opened, 'n').value;
  const h = opened.h_previous;
  return [
    { label: 'n', weight: 1 - z, value: n, product: (1 - z) * n },
    { label: 'h_previous', weight: z, value: h, product: z * h },
  ];
});
