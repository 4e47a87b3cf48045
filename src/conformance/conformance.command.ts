import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readProgrammeTerms } from '../auction';
import { isValidCnpj, systemClock } from '../kernel';
import { createLogger, given } from '../platform';
import { PricingContext, readPricingData } from '../pricing';
import type { SigningScheme } from '../qi';
import type { ConformanceOptions } from './step';
import { runConformance } from './conformance';
import { reportAsJson, reportAsMarkdown, settingsOf } from './domain';
import { WebhookReceiver } from './webhook-receiver';

/** As the command line gives them, with the environment's values for what it leaves out. */
export interface ConformanceArguments {
  readonly baseUrl?: string;
  readonly apiClientKey?: string;
  readonly privateKey?: string;
  readonly publicKey?: string;
  readonly purchaser?: string;
  readonly signing?: string;
  readonly listen: string;
  readonly wait: string;
  readonly ackWait: string;
  readonly yes?: boolean;
}

const SCHEMES: readonly SigningScheme[] = ['none', 'jwt-v2', 'encoded-body-v1'];

/**
 * Runs the programme and writes its report.
 *
 * @returns the exit code: 0 when it went through, 1 when it stopped before its end.
 * @throws Error in plain words for arguments that cannot be used.
 */
export async function runConformanceCommand(asked: ConformanceArguments): Promise<number> {
  const options = readOptions(asked);
  const { host, port } = readListen(asked.listen);
  const receiver = await WebhookReceiver.listen(host, port, systemClock);
  const terminal = createInterface({ input: process.stdin });
  const lines = terminal[Symbol.asyncIterator]();
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  say(
    `Listening for webhooks on http://${host}:${receiver.port}: QI's portal must point here, under any path.`,
  );
  try {
    const report = await runConformance(
      {
        options,
        receiver,
        programme: readProgrammeTerms(join('config', 'programme.json')),
        pricing: new PricingContext(readPricingData('config')),
        clock: systemClock,
        logger: createLogger({ level: 'error', file: undefined }),
      },
      {
        say,
        // The end of the input is a no.
        ask: async (question) => {
          if (asked.yes === true) return true;
          process.stdout.write(`${question} [y/N] `);
          const answer = await lines.next();
          return answer.done !== true && /^y(es)?$/i.test(answer.value.trim());
        },
      },
    );
    const file = reportFile(report.startedAt);
    writeFileSync(`${file}.md`, reportAsMarkdown(report));
    writeFileSync(`${file}.json`, reportAsJson(report));
    if (report.stopped !== undefined) say(`Stopped: ${report.stopped}.`);
    for (const [name, value] of Object.entries(settingsOf(report))) say(`${name}=${value}`);
    say(`Report: ${file}.md`);
    return report.stopped === undefined ? 0 : 1;
  } finally {
    terminal.close();
    await receiver.close();
  }
}

function readOptions(asked: ConformanceArguments): ConformanceOptions {
  const from = (value: string | undefined, name: string): string | undefined =>
    value ?? given(process.env)[name];
  const baseUrl = from(asked.baseUrl, 'QI_BASE_URL');
  const apiClientKey = from(asked.apiClientKey, 'QI_API_CLIENT_KEY');
  const purchaser = from(asked.purchaser, 'PURCHASER_DOCUMENT_NUMBER');
  if (baseUrl === undefined || !URL.canParse(baseUrl)) throw new Error('--base-url must be an address');
  if (apiClientKey === undefined) throw new Error('--api-client-key is required');
  if (purchaser === undefined || !isValidCnpj(purchaser)) throw new Error('--purchaser must be a valid CNPJ');
  const signing = SCHEMES.find((scheme) => scheme === asked.signing);
  if (asked.signing !== undefined && signing === undefined)
    throw new Error(`--signing must be one of ${SCHEMES.join(', ')}`);
  return {
    baseUrl,
    apiClientKey,
    privateKeyPem: readKey(from(asked.privateKey, 'QI_PRIVATE_KEY_FILE'), '--private-key'),
    publicKeyPem: readKey(from(asked.publicKey, 'QI_PUBLIC_KEY_FILE'), '--public-key'),
    signing,
    purchaserDocumentNumber: purchaser,
    webhookWaitMs: readSeconds(asked.wait, '--wait') * 1000,
    acknowledgementWaitMs: readSeconds(asked.ackWait, '--ack-wait') * 1000,
  };
}

function readKey(file: string | undefined, name: string): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    throw new Error(`${name} names a file that cannot be read`);
  }
}

function readSeconds(text: string, name: string): number {
  if (!/^\d{1,5}$/.test(text)) throw new Error(`${name} must be a number of seconds`);
  return Number(text);
}

function readListen(text: string): { readonly host: string; readonly port: number } {
  const [, host = '', port = ''] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  if (host === '' || Number(port) > 65_535) throw new Error('--listen must be host:port');
  return { host, port: Number(port) };
}

/** Without its ending. */
function reportFile(startedAt: Date): string {
  const directory = join(given(process.env)['ARREMATE_DATA_DIR'] ?? '.data', 'reports');
  mkdirSync(directory, { recursive: true });
  return join(directory, `conformance-${startedAt.toISOString().replace(/[-:]|\.\d+/g, '')}`);
}
