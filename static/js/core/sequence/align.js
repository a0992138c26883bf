/** Two sequences one above the other: the same tokens in one column, what was put in or taken out beside a gap. */

const CHANGED = 1.5;
const GAP = 1; // a token in the place of another costs less than taking it out and putting the other in

/**
 * The cheapest alignment: S. Needleman and C. Wunsch (1970), "A general method applicable to the search for similarities in the
 * amino acid sequence of two proteins". Of equal ones, gaps come as late as possible.
 * @param {string[]} one @param {string[]} other @returns {[number | null, number | null][]}   places side by side; null: a gap
 */
export function aligned(one, other) {
  const width = other.length + 1;
  const cost = new Float64Array((one.length + 1) * width);
  for (let i = one.length; i >= 0; i--) for (let j = other.length; j >= 0; j--) cost[i * width + j] = cheapest(i, j);
  /** @type {[number | null, number | null][]} */
  const pairs = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    const here = cost[i * width + j];
    if (i < one.length && j < other.length && here === step(i, j) + cost[(i + 1) * width + j + 1]) pairs.push([i++, j++]);
    else if (i < one.length && here === GAP + cost[(i + 1) * width + j]) pairs.push([i++, null]);
    else pairs.push([null, j++]);
  }
  return pairs;

  /** @param {number} i @param {number} j */
  function step(i, j) {
    return one[i] === other[j] ? 0 : CHANGED;
  }

  /** What it costs from here to both ends. @param {number} i @param {number} j */
  function cheapest(i, j) {
    if (i === one.length) return (other.length - j) * GAP;
    if (j === other.length) return (one.length - i) * GAP;
    return Math.min(step(i, j) + cost[(i + 1) * width + j + 1], GAP + cost[(i + 1) * width + j], GAP + cost[i * width + j + 1]);
  }
}
