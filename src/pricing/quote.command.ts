import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseJson } from '../kernel';
import { PricingContext, quoteToJson } from './domain';
import { answerQuote, type Pricing } from './answer-quote';
import { readPricingData } from './pricing-data';

/** Where the command prints, so that tests can read it. */
export interface CommandOutput {
  readonly out: (text: string) => void;
  readonly error: (line: string) => void;
}

const terminal: CommandOutput = {
  out: (text) => void process.stdout.write(text),
  error: (line) => void process.stderr.write(`${line}\n`),
};

/**
 * `npm run quote -- FILE`: prices the case in the file and prints one JSON object.
 * Returns the exit code: 0, or 2 with one line per problem on the error output and nothing else printed.
 */
export function runQuote(file: string, output: CommandOutput = terminal): number {
  const pricing = priceFile(file);
  if (pricing.kind === 'quoted') {
    output.out(`${JSON.stringify(quoteToJson(pricing.quote), undefined, 2)}\n`);
    return 0;
  }
  for (const { path, message } of pricing.problems) output.error(`${path || 'body'}: ${message}`);
  return 2;
}

function priceFile(file: string): Pricing {
  let body;
  try {
    body = parseJson(readFileSync(file, 'utf8'));
  } catch (error) {
    const message = error instanceof Error ? error.message : 'cannot be read';
    return { kind: 'invalid', problems: [{ path: file, message }] };
  }
  return answerQuote(body, new PricingContext(readPricingData(join(process.cwd(), 'config'))));
}
