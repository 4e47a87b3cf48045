import type { Decimal } from './decimal';

/** A decimal as Brazilians write it, with at least `places` decimals and no digit lost: 1234.5 is "1.234,50". */
export function showDecimal(value: Decimal, places: number): string {
  const [signed = '0', fraction = ''] = value.toFixed().split('.');
  const whole = signed.replace('-', '');
  const grouped = whole.length > 3 ? whole.replace(/\B(?=(\d{3})+$)/g, '.') : whole;
  const decimals = fraction.padEnd(places, '0');
  return `${whole === signed ? '' : '-'}${grouped}${decimals === '' ? '' : `,${decimals}`}`;
}

/** "R$ 1.234,56" */
export function showReais(amount: Decimal): string {
  return `R$ ${showDecimal(amount, 2)}`;
}

/** A fraction as a percentage: 0.0249 is "2,49%". */
export function showPercent(fraction: Decimal): string {
  return `${showDecimal(fraction.times(100), 2)}%`;
}
