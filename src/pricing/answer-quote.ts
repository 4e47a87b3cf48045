import type { JsonValue } from '../kernel';
import { parseQuoteRequest, quote, type PricingContext, type Quote, type RequestProblem } from './domain';

export type Pricing =
  | { readonly kind: 'quoted'; readonly quote: Quote }
  | { readonly kind: 'invalid'; readonly problems: readonly RequestProblem[] };

/** One body, one answer: what the command line and the API share. */
export function answerQuote(body: JsonValue, context: PricingContext): Pricing {
  const reading = parseQuoteRequest(body);
  if (reading.kind === 'invalid') return reading;
  const result = quote(reading.request, context);
  return result.kind === 'quoted' ? result : { kind: 'invalid', problems: [result.refusal] };
}
