import type { Decimal } from './decimal';

/** A decimal as Brazilians write it, with at least `places` decimals and no digit lost: 1234.5 is "1.234,50". */
export function showDecimal(value: Decimal, places: number): string {
  const text = value.abs().toFixed(Math.max(places, value.decimalPlaces()));
  const [whole = '0', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, '.');
  return `${value.isNegative() && !value.isZero() ? '-' : ''}${grouped}${fraction === undefined ? '' : `,${fraction}`}`;
}

/** "R$ 1.234,56" */
export function showReais(amount: Decimal): string {
  return `R$ ${showDecimal(amount, 2)}`;
}

/** A fraction as a percentage: 0.0249 is "2,49%". */
export function showPercent(fraction: Decimal): string {
  return `${showDecimal(fraction.times(100), 2)}%`;
}
