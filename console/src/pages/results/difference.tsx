import { Text } from '@mantine/core';
import type { Compared } from '../../api/client';
import { count, decimal, percent, reais, share, shift } from '../../format/format';
import { kindOf } from '../../words/result-words';

/** How far the first is above the second; of shares with the interval, and whether it leaves nought out. */
export function Difference({ measure, compared }: { readonly measure: string; readonly compared: Compared }) {
  const { difference, low, high, differs } = compared;
  if (difference === null) return <Text size="sm">–</Text>;
  return (
    <Text size="sm" fw={differs === true ? 600 : undefined} style={{ whiteSpace: 'nowrap' }}>
      {differenceInWords(measure, difference)}
      {low !== null && (
        <Text span size="xs" c="dimmed" display="block">
          {share(low, 2)} a {share(high, 2)}: {differs === true ? 'diferem' : 'não se distinguem'}
        </Text>
      )}
    </Text>
  );
}

function differenceInWords(measure: string, difference: string): string {
  const sign = difference.startsWith('-') || /^0*(\.0*)?$/.test(difference) ? '' : '+';
  switch (kindOf(measure)) {
    case 'count':
      return `${sign}${count(Number(difference))}`;
    case 'amount':
      return `${sign}${reais(difference)}`;
    case 'share':
      return `${sign}${decimal(shift(difference, 2), 2)} pp`;
    case 'rate':
      return `${sign}${percent(difference)} a.m.`;
  }
}
