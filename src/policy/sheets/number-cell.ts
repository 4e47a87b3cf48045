import { Decimal } from '../../kernel';

/** What a spreadsheet lets somebody type of a number; it keeps a binary fraction, and may write more. */
const TYPED_DIGITS = 15;
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?$/;

/**
 * The digits that were typed into a cell, of which a spreadsheet keeps a binary fraction: `2.4899999999999999E-2` was 0.0249.
 * Undefined where they cannot be told, as of a number with more digits than a spreadsheet keeps.
 */
export function typedNumber(written: string): string | undefined {
  const text = written.trim();
  if (!NUMBER.test(text)) return undefined;
  const binary = Number(text);
  if (!Number.isFinite(binary)) return undefined;
  const exact = new Decimal(text);
  const shortest = new Decimal(String(binary));
  if (shortest.precision() > TYPED_DIGITS) return undefined;
  const isThatNumber =
    exact.equals(shortest) || [16, 17].some((digits) => exact.equals(binary.toPrecision(digits)));
  return isThatNumber ? (shortest.abs().isZero() ? '0' : shortest.toFixed()) : undefined;
}
