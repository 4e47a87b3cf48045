import { count, share } from '../../format/format';
import { figureInWords } from '../../words/result-words';

export interface Figure {
  readonly value: string | null;
  readonly sample: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** A figure with what it rests on, in bare elements, for a table may hold thousands: its interval where it has one, and its sample. */
export function FigureCell({ measure, figure }: { readonly measure: string; readonly figure: Figure }) {
  return (
    <>
      <span className="figure">{figureInWords(measure, figure.value)}</span>
      <div className="figure-note">
        {figure.low !== null && `${share(figure.low, 2)} a ${share(figure.high, 2)} · `}n ={' '}
        {count(figure.sample)}
      </div>
    </>
  );
}
