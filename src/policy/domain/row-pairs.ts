import type { Steps } from '../../kernel';
import { isCovered, type Effort, type Grid, type Region } from './grid';

/** Rows of a grid in pairs: most are told apart by the ends of their cells, without looking at the cells. */
export class RowPairs {
  /** Those on which rows differ: on the others all meet. */
  readonly #axes: readonly number[];
  /** Of each row and of each of these axes. */
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  /** Whether all cells between the ends are the row's. */
  readonly #isSolid: Uint8Array;

  constructor(private readonly rows: readonly Region[]) {
    const [top = []] = rows;
    this.#axes = [...top.keys()].filter((axis) =>
      rows.some((row) => row[axis] !== top[axis] || row[axis] === 0n),
    );
    const masks = rows.flatMap((row) => this.#axes.map((axis) => row[axis] ?? 0n));
    this.#first = new Int32Array(masks.length);
    this.#last = new Int32Array(masks.length);
    this.#isSolid = new Uint8Array(masks.length);
    masks.forEach((mask, at) => {
      const { first, last } = endsOf(mask);
      this.#first[at] = first;
      this.#last[at] = last;
      this.#isSolid[at] = mask === ((1n << BigInt(last - first + 1)) - 1n) << BigInt(first) ? 1 : 0;
    });
  }

  /** The one axis on which two rows share nothing; `nowhere` when they overlap, `several` when there are more. */
  apartOn(a: number, b: number): number | 'nowhere' | 'several' {
    let found: number | 'nowhere' = 'nowhere';
    for (let at = 0; at < this.#axes.length; at += 1) {
      if (this.#meetOn(at, a, b)) continue;
      if (found !== 'nowhere') return 'several';
      found = this.#axes[at] ?? 0;
    }
    return found;
  }

  /** Which of two rows that are apart on an axis of ranges lies below the other. */
  lowerOn(axis: number, a: number, b: number): number {
    const at = this.#axes.indexOf(axis);
    const firstOf = (row: number): number => this.#first[row * this.#axes.length + at] ?? 0;
    return firstOf(a) < firstOf(b) ? a : b;
  }

  #meetOn(at: number, a: number, b: number): boolean {
    const [inA, inB] = [a * this.#axes.length + at, b * this.#axes.length + at];
    if ((this.#last[inA] ?? 0) < (this.#first[inB] ?? 0) || (this.#last[inB] ?? 0) < (this.#first[inA] ?? 0))
      return false;
    if (this.#isSolid[inA] === 1 && this.#isSolid[inB] === 1) return true;
    const axis = this.#axes[at] ?? 0;
    return ((this.rows[a]?.[axis] ?? 0n) & (this.rows[b]?.[axis] ?? 0n)) !== 0n;
  }
}

/** The lowest and the highest bit; of no bits such as lie beside everything. */
function endsOf(mask: bigint): { readonly first: number; readonly last: number } {
  if (mask === 0n) return { first: 0, last: -1 };
  const digits = mask.toString(16);
  const zeros = /0*$/.exec(digits)?.[0].length ?? 0;
  const [highest, lowest] = [digits[0] ?? '', digits[digits.length - 1 - zeros] ?? ''].map((digit) =>
    parseInt(digit, 16),
  );
  const first = zeros * 4 + Math.log2((lowest ?? 1) & -(lowest ?? 1));
  return { first, last: digits.length * 4 - 1 - (Math.clz32(highest ?? 1) - 28) };
}

/** Rows that those above hide, and whether all could be looked at. */
export interface HiddenRows {
  readonly hidden: readonly number[];
  readonly isWhole: boolean;
}

/** Where the topmost matching row counts: the rows that nothing ever reaches. */
export function* hiddenRows({ rows }: Grid, effort: Effort): Steps<HiddenRows> {
  const pairs = new RowPairs(rows);
  const answers: (boolean | undefined)[] = [];
  for (const [index, row] of rows.entries()) {
    yield;
    const above: Region[] = [];
    for (let earlier = 0; earlier < index; earlier += 1)
      if (pairs.apartOn(index, earlier) === 'nowhere') above.push(rows[earlier] ?? []);
    answers.push(yield* isCovered(row, above, effort));
  }
  return {
    hidden: answers.flatMap((isHidden, index) => (isHidden === true ? [index] : [])),
    isWhole: !answers.includes(undefined),
  };
}
