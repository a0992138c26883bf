/** What is worked out once and kept as long as the thing it was worked out from: pointing at a grid draws it often. */

/** @type {WeakMap<object, Map<string, any>>} */
const all = new WeakMap();

/**
 * The thing itself has to say everything that `make` reads.
 * @template T
 * @param {object} of
 * @param {string} key
 * @param {() => T} make
 * @returns {T}
 */
export function kept(of, key, make) {
  const known = all.get(of) ?? new Map();
  if (!known.size) all.set(of, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key);
}
