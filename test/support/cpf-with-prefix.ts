/** A CPF with right digits that begins with `prefix`: the sandbox decides by it. */
export function cpfWithPrefix(prefix: string, serial: number): string {
  const nine = `${prefix}${String(serial).padStart(9 - prefix.length, '0')}`;
  const digit = (digits: string): number => {
    const sum = Array.from(digits).reduce(
      (total, each, at) => total + Number(each) * (digits.length + 1 - at),
      0,
    );
    return ((sum * 10) % 11) % 10;
  };
  const first = digit(nine);
  return `${nine}${String(first)}${String(digit(`${nine}${String(first)}`))}`;
}
