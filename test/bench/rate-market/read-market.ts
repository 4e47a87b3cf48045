import { z } from 'zod';
import {
  AMOUNT_SPREAD,
  bandsOf,
  CELLS,
  expectedLossRate,
  MARKET_FAMILIES,
  QUALITY_LOSS,
  type RateMarket,
} from '../../../sandbox/rate-market';

const byCell = z.array(z.number()).length(CELLS);

/** A market as a file holds it, with what its author found to be best. */
const marketFileSchema = z.object({
  seed: z.number().int(),
  mix: byCell,
  break_even_bp: byCell,
  term: byCell,
  amount: byCell,
  paid: byCell,
  rivals: z.array(z.object({ mean_bp: byCell, scale_bp: z.number(), info_bp: z.number(), entry: byCell })),
  oracle: z.record(
    z.string(),
    z.object({
      rate_bp: byCell,
      margin: byCell,
      p_win: byCell,
      p_paid: byCell,
      per_request: z.number(),
      constant_50: z.number(),
    }),
  ),
});

export interface MarketFile {
  readonly market: RateMarket;
  /** By the level of all rivals, in bp. */
  readonly oracle: z.infer<typeof marketFileSchema>['oracle'];
}

/** @throws when the text is not a market's file */
export function readMarket(text: string): MarketFile {
  const file = marketFileSchema.parse(JSON.parse(text));
  return {
    market: {
      name: `file ${file.seed}`,
      cells: file.mix.map((share, cell) => {
        const [employer, tenure, term] = bandsOf(cell);
        return {
          share,
          term: file.term[cell] ?? 0,
          usualAmount: file.amount[cell] ?? 0,
          lossRate: expectedLossRate(employer, tenure, term),
          breakEvenBp: file.break_even_bp[cell] ?? 0,
          paidShare: file.paid[cell] ?? 0,
        };
      }),
      rivals: file.rivals.map((rival) => ({
        scaleBp: rival.scale_bp,
        infoBp: rival.info_bp,
        meanBp: rival.mean_bp,
        entry: rival.entry,
      })),
      acceptance: MARKET_FAMILIES.varied.acceptance,
      amountSpread: AMOUNT_SPREAD,
      qualityLoss: QUALITY_LOSS,
    },
    oracle: file.oracle,
  };
}
