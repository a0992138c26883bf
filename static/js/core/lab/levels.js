/** Fewer levels of brightness, and the memory that pictures take. */

/** To the nearest whole number; half-way cases go to the even one, as torch.round has it. @param {number} value */
export function roundEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/**
 * Which of evenly spaced levels from 0 to high is nearest.
 * @param {number} value
 * @param {number} levels
 * @param {number=} high
 */
export const codeOf = (value, levels, high = 255) =>
  Math.min(levels - 1, Math.max(0, roundEven(value / (high / (levels - 1)))));

/** @param {number} code @param {number} levels @param {number=} high */
export const levelAt = (code, levels, high = 255) => code * (high / (levels - 1));

/** Bits that a number below `levels` takes. @param {number} levels */
export const bitsOf = (levels) => Math.ceil(Math.log2(levels));

/**
 * Bytes of a picture and of a batch of them.
 * @param {number} rows
 * @param {number} columns
 * @param {number} channels
 * @param {number} batch
 * @param {number} levels
 */
export function memoryOf(rows, columns, channels, batch, levels) {
  const numbers = rows * columns * channels;
  return {
    numbers,
    bytes: numbers,
    floats: 4 * numbers,
    batch: 4 * numbers * batch,
    packed: Math.ceil((numbers * bitsOf(levels)) / 8),
  };
}

/** 196,608 bytes as "192 KiB", and whether that is all of it. @param {number} bytes @returns {{text: string, exact: boolean}} */
export function sizeOf(bytes) {
  const unit = bytes >= 1 << 30 ? 3 : bytes >= 1 << 20 ? 2 : bytes >= 1 << 10 ? 1 : 0;
  const value = bytes / 1024 ** unit;
  const shown = Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2));
  return { text: `${shown} ${['B', 'KiB', 'MiB', 'GiB'][unit]}`, exact: shown === value };
}
