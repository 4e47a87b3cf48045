import { shareDifference } from '../../../src/history/domain/share-difference';
import { wilsonInterval, type Interval } from '../../../src/history/domain/wilson-interval';
import { share } from '../format/format';

interface Ended {
  readonly won: number;
  readonly lost: number;
}

/** How far the share of wins is from what it was, over all bands, with 95 % confidence: the intervals of the API. */
export function winDifference(now: readonly Ended[], before: readonly Ended[]): string {
  const [a, b] = [wonOf(now), wonOf(before)];
  if (a === undefined) return 'Nenhum desfecho no período.';
  if (b === undefined) return `${inWords(a)}; antes, nenhum desfecho.`;
  const { share: difference, low, high } = shareDifference(a, b);
  const verdict = low > 0 || high < 0 ? 'diferem' : 'não se distinguem';
  return `No todo ${inWords(a)}, antes ${inWords(b)}: ${points(difference)} (de ${points(low)} a ${points(high)}), ${verdict}.`;
}

function wonOf(bands: readonly Ended[]): Interval | undefined {
  const won = bands.reduce((sum, band) => sum + band.won, 0);
  return wilsonInterval(won, won + bands.reduce((sum, band) => sum + band.lost, 0));
}

const inWords = ({ share: value, low, high }: Interval): string =>
  `${share(value)} (${share(low)} a ${share(high)})`;

/** "+18,06 pp" */
const points = (value: number): string => `${value > 0 ? '+' : ''}${share(value).replace('%', '')}\u00a0pp`;
