import { Text } from '@mantine/core';
import { count, share } from '../../format/format';
import { figureInWords } from '../../words/result-words';

export interface Figure {
  readonly value: string | null;
  readonly sample: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A figure with what it rests on: its interval where it has one, and its sample. */
export function FigureCell({ measure, figure }: { readonly measure: string; readonly figure: Figure }) {
  return (
    <>
      <Text span className="figure" style={{ whiteSpace: 'nowrap' }}>
        {figureInWords(measure, figure.value)}
      </Text>
      <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
        {figure.low !== null && `${share(figure.low, 2)} a ${share(figure.high, 2)} · `}n ={' '}
        {count(figure.sample)}
      </Text>
    </>
  );
}
