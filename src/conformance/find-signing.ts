import { randomUUID } from 'node:crypto';
import type { QiLine, SigningScheme } from '../qi';
import { callTimeoutMs, lineOf, type StepContext, type StepResult } from './step';
import { isTaken, wordsOf } from './exchange-words';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * Calls QI's own test endpoints in each scheme, the unsigned one only on this machine, and keeps the first that both
 * take: one call without a body and one with.
 */
export async function findSigning(
  context: StepContext,
): Promise<StepResult & { readonly line: QiLine | undefined }> {
  const evidence: string[] = [];
  for (const scheme of candidatesOf(context)) {
    const line = lineOf(context, scheme);
    if (line === undefined) {
      evidence.push(`${scheme}: not tried, a key for it is missing`);
      continue;
    }
    const ping = await line.client.exchange({
      method: 'GET',
      path: ['test', 'ping'],
      timeoutMs: callTimeoutMs,
    });
    const post = await line.client.exchange({
      method: 'POST',
      path: ['test'],
      body: { conformance: randomUUID() },
      timeoutMs: callTimeoutMs,
    });
    evidence.push(`${scheme}: GET /test/ping ${wordsOf(ping)}; POST /test ${wordsOf(post)}`);
    if (isTaken(ping) && isTaken(post)) {
      const settings = { QI_SIGNING: scheme };
      return { line, findings: [{ question: 'request_signing', answer: scheme, evidence, settings }] };
    }
    await line.close();
  }
  return {
    line: undefined,
    findings: [{ question: 'request_signing', answer: 'none accepted', evidence }],
    stop: 'QI accepts none of our signatures',
  };
}

function candidatesOf({ options }: StepContext): readonly SigningScheme[] {
  if (options.signing !== undefined) return [options.signing];
  const isOnThisMachine = LOOPBACK.has(new URL(options.baseUrl).hostname);
  return isOnThisMachine ? ['none', 'jwt-v2', 'encoded-body-v1'] : ['jwt-v2', 'encoded-body-v1'];
}
