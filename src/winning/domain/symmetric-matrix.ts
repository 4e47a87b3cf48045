/**
 * Symmetric positive definite matrices, whole and row by row in one Float64Array. The model has some 130 numbers to a side: what
 * is plain is quick enough, and always adds up in the same order.
 */

/** The lower triangle L of `matrix` = L L'; undefined when it is not positive definite. */
export function cholesky(matrix: Float64Array, size: number): Float64Array | undefined {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let sum = matrix[row * size + column] ?? 0;
      for (let k = 0; k < column; k++) {
        sum -= (lower[row * size + k] ?? 0) * (lower[column * size + k] ?? 0);
      }
      if (row !== column) lower[row * size + column] = sum / (lower[column * size + column] ?? 1);
      else if (sum > 0) lower[row * size + row] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** The x of L L' x = `right`. */
export function solve(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row++) {
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k++) sum -= (lower[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  for (let row = size - 1; row >= 0; row--) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < size; k++) sum -= (lower[k * size + row] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? 1);
  }
  return x;
}

/** The inverse of L L'. */
export function inverse(lower: Float64Array, size: number): Float64Array {
  const half = inverseOfLower(lower, size);
  const result = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    for (let row = 0; row <= k; row++) {
      const left = half[k * size + row] ?? 0;
      if (left === 0) continue;
      for (let column = 0; column <= row; column++) {
        const at = row * size + column;
        result[at] = (result[at] ?? 0) + left * (half[k * size + column] ?? 0);
      }
    }
  }
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++)
      result[column * size + row] = result[row * size + column] ?? 0;
  }
  return result;
}

function inverseOfLower(lower: Float64Array, size: number): Float64Array {
  const result = new Float64Array(size * size);
  for (let row = 0; row < size; row++) {
    const diagonal = lower[row * size + row] ?? 1;
    for (let k = 0; k < row; k++) {
      const left = lower[row * size + k] ?? 0;
      if (left === 0) continue;
      for (let column = 0; column <= k; column++) {
        const at = row * size + column;
        result[at] = (result[at] ?? 0) - left * (result[k * size + column] ?? 0);
      }
    }
    for (let column = 0; column < row; column++) {
      const at = row * size + column;
      result[at] = (result[at] ?? 0) / diagonal;
    }
    result[row * size + row] = 1 / diagonal;
  }
  return result;
}

/** A few of a vector's places and what stands there: what one observation says of the model. */
export interface SparseVector {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

/** Adds `weight` v v'. */
export function addOuter(
  matrix: Float64Array,
  size: number,
  { places, values }: SparseVector,
  weight: number,
): void {
  places.forEach((row, i) => {
    const left = weight * (values[i] ?? 0);
    places.forEach((column, j) => {
      const at = row * size + column;
      matrix[at] = (matrix[at] ?? 0) + left * (values[j] ?? 0);
    });
  });
}

export function addTimes(vector: Float64Array, { places, values }: SparseVector, factor: number): void {
  places.forEach((place, i) => {
    vector[place] = (vector[place] ?? 0) + factor * (values[i] ?? 0);
  });
}

/** v' M v. */
export function quadratic(matrix: Float64Array, size: number, { places, values }: SparseVector): number {
  let sum = 0;
  places.forEach((row, i) => {
    places.forEach((column, j) => {
      sum += (values[i] ?? 0) * (values[j] ?? 0) * (matrix[row * size + column] ?? 0);
    });
  });
  return sum;
}
