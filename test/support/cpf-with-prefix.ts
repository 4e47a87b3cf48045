import { newCpf } from './webhooks';

/** A CPF with right digits, by its beginning and a number: the sandbox decides by the beginning. */
export const cpfWithPrefix = (prefix: string, serial: number): string =>
  newCpf(Number(`${prefix}${String(serial).padStart(9 - prefix.length, '0')}`));
