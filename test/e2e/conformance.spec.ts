import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { pino } from 'pino';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox';
import { readProgrammeTerms } from '../../src/auction';
import type { ConformanceOptions } from '../../src/conformance/step';
import { runConformance } from '../../src/conformance/conformance';
import { settingsOf, type ConformanceReport, type Question } from '../../src/conformance/domain';
import { WebhookReceiver } from '../../src/conformance/webhook-receiver';
import { systemClock } from '../../src/kernel';
import { PricingContext, readPricingData } from '../../src/pricing';

const [qiKeys, ourKeys] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-521' }));
if (qiKeys === undefined || ourKeys === undefined) throw new Error('no keys');
const pem = {
  privateKeyPem: ourKeys.privateKey.export({ type: 'sec1', format: 'pem' }).toString(),
  publicKeyPem: qiKeys.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
};
const signed = {
  apiClientKey: 'our-key',
  privateKey: qiKeys.privateKey,
  partnerPublicKey: ourKeys.publicKey,
};

/** Counted from the receipt, which a busy machine delays. */
const A_FEW_SECONDS = /^[1-5] s$/;

interface Outcome {
  readonly report: ConformanceReport;
  readonly answers: Partial<Record<Question, string>>;
  readonly settings: Record<string, string>;
  readonly calls: readonly string[];
  readonly asked: readonly string[];
}

/** Runs the programme against a sandbox as configured. `agree` answers its nth question, from 1. */
async function examine(
  configuration: SandboxOptions,
  over: Partial<ConformanceOptions> = {},
  agree: (nth: number) => boolean = () => true,
): Promise<Outcome> {
  const receiver = await WebhookReceiver.listen('127.0.0.1', 0, systemClock);
  const sandbox: Sandbox = await startSandbox({
    webhookUrl: `http://127.0.0.1:${receiver.port}/webhooks/qi`,
    ...configuration,
    behaviour: {
      borrowers: {
        clean: 1,
        harmless_history: 0,
        running_leave: 0,
        termination: 0,
        ineligible: 0,
        politically_exposed: 0,
        short_tenure: 0,
        incomplete: 0,
        odd: 0,
      },
      rivals: { presence: 0 },
      loans: {
        disbursed: 0,
        never_signed: 1,
        signature_failed: 0,
        reservation_retried: 0,
        reservation_refused: 0,
        ted_refused: 0,
        pix_refused: 0,
      },
      ...configuration.behaviour,
      contract: { table_names: 0, ...configuration.behaviour?.contract },
      pace: { window_seconds: 2, ...configuration.behaviour?.pace },
      webhooks: { retry_after_seconds: 0.2, ...configuration.behaviour?.webhooks },
    },
  });
  const asked: string[] = [];
  try {
    const report = await runConformance(
      {
        options: {
          baseUrl: sandbox.url,
          apiClientKey: 'our-key',
          ...pem,
          signing: undefined,
          purchaserDocumentNumber: '32402502000135',
          webhookWaitMs: 2_000,
          acknowledgementWaitMs: 600,
          ...over,
        },
        receiver,
        programme: readProgrammeTerms(join('config', 'programme.json')),
        pricing: new PricingContext(readPricingData('config')),
        clock: systemClock,
        logger: pino({ level: 'silent' }),
      },
      {
        say: () => undefined,
        ask: (question) => Promise.resolve(agree(asked.push(question))),
      },
    );
    return {
      report,
      answers: Object.fromEntries(report.findings.map(({ question, answer }) => [question, answer])),
      settings: settingsOf(report),
      calls: sandbox.control.ledger().calls.map(({ operation, answer }) => `${operation} ${answer}`),
      asked,
    };
  } finally {
    await sandbox.close();
    await receiver.close();
  }
}

describe('conformance', () => {
  it.concurrent('unsigned, as the manuals print it, one proposal per key', async () => {
    const { report, answers, settings, asked } = await examine({ signing: 'none' });
    expect(report.stopped).toBeUndefined();
    expect(answers).toEqual({
      request_signing: 'none',
      webhook_signing: 'none',
      acknowledgement: 'plain',
      auction_webhook: 'as printed',
      deadline_zone: 'America/Sao_Paulo',
      window: expect.stringMatching(A_FEW_SECONDS) as string,
      request_life: '24 h',
      clocks: 'together',
      first_proposal: 'accepted, HTTP 200',
      simulation: 'equal to ours',
      repeated_control_key: 'idempotent',
      second_proposal: 'refused: HTTP 409, QIT000001, There is already a proposal for this request',
      margin_refusal: 'recognised',
      end_of_auction: 'won, in the word "won"; as printed',
    });
    expect(settings).toEqual({
      QI_SIGNING: 'none',
      QI_WEBHOOK_AUTH: 'none',
      QI_DEADLINE_ZONE: 'America/Sao_Paulo',
      QI_REPEAT_UNKNOWN: 'same_key',
    });
    expect(report.findings.filter(({ advice }) => advice !== undefined)).toEqual([]);
    expect(asked).toHaveLength(5);
  });

  it.concurrent('signed in the current scheme, UTC, wrapped, other field names, a repetition refused, another interest base', async () => {
    const { report, answers, settings } = await examine({
      ...signed,
      signing: 'jwt-v2',
      behaviour: {
        contract: {
          deadline_zone: 'utc',
          wrapped: 'all',
          table_names: 1,
          repeated_control_key: 'reject',
          second_proposal: 'accept',
          interest_base: 'calendar_days_365',
          rank_in_answer: 'current',
        },
        pace: { window_seconds: 4 },
      },
    });
    expect(report.stopped).toBeUndefined();
    expect(answers).toMatchObject({
      request_signing: 'jwt-v2',
      webhook_signing: 'jwt-v2',
      acknowledgement: 'plain',
      deadline_zone: 'utc',
      window: expect.stringMatching(A_FEW_SECONDS) as string,
      simulation: expect.stringMatching(
        /^equal to ours with calendar_days_365, first due \d{4}-\d\d-28$/,
      ) as string,
      repeated_control_key: 'refused: HTTP 409, QIT000001, request_control_key was already used',
      second_proposal: 'accepted beside the first',
      end_of_auction: expect.stringMatching(/^lost, in the word "lost"; wrapped$/) as string,
    });
    expect(answers.auction_webhook?.split(' ').toSorted()).toEqual(
      [
        'wrapped',
        '+data.issuer_proposal_request_data.disbursed_amount',
        '+data.issuer_proposal_request_data.issuer_registration_code',
        '-data.issuer_proposal_request_data.disbursed_issue_amount',
        '-data.issuer_proposal_request_data.issuer_registration_number',
      ].toSorted(),
    );
    expect(settings).toEqual({
      QI_SIGNING: 'jwt-v2',
      QI_WEBHOOK_AUTH: 'jwt-v2',
      QI_DEADLINE_ZONE: 'utc',
      QI_REPEAT_UNKNOWN: 'never',
    });
  });

  it.concurrent('signed in the older scheme, wanting signed acknowledgements, doubling repetitions, drifting by three cents, losing in other words', async () => {
    const { report, answers, settings } = await examine({
      ...signed,
      signing: 'encoded-body-v1',
      behaviour: {
        rivals: { presence: 1, level_bp: -500 },
        contract: {
          repeated_control_key: 'accept',
          installment_drift: '0.03',
          loss_status: 'not_selected',
        },
        webhooks: { retries: 20, clock_skew_seconds: 90 },
      },
    });
    expect(report.stopped).toBeUndefined();
    expect(answers).toMatchObject({
      request_signing: 'encoded-body-v1',
      webhook_signing: 'encoded-body-v1',
      acknowledgement: 'signed',
      auction_webhook: 'as printed',
      deadline_zone: 'America/Sao_Paulo',
      clocks: expect.stringMatching(/^(89|90) s$/) as string,
      simulation: 'different from ours',
      repeated_control_key: 'becomes a second proposal',
      end_of_auction: 'lost, in the word "not_selected"; as printed',
    });
    const drift = report.findings.find(({ question }) => question === 'simulation');
    expect(drift?.evidence.join('\n')).toMatch(/installmentFaceValue: QI (\d+\.\d+), we \d+\.\d+/);
    expect(drift?.advice).toContain('do not bid');
    expect(settings).toEqual({
      QI_SIGNING: 'encoded-body-v1',
      QI_WEBHOOK_AUTH: 'encoded-body-v1',
      QI_DEADLINE_ZONE: 'America/Sao_Paulo',
      QI_REPEAT_UNKNOWN: 'never',
    });
  });

  it.concurrent('with another payroll calendar names the first due date that gives the figures', async () => {
    const { answers } = await examine({
      behaviour: { contract: { payroll: { due_day: 15, months_after: 1, cutoff_day: 20 } } },
    });
    expect(answers.simulation).toMatch(/^equal to ours with calendar_days, first due \d{4}-\d\d-15$/);
  });

  it.concurrent('stops when no signature is accepted, having written nothing', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const privateKeyPem = stranger.privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const { report, answers, asked, calls } = await examine(
      { ...signed, signing: 'jwt-v2' },
      { privateKeyPem },
    );
    expect(report.stopped).toBe('QI accepts none of our signatures');
    expect(answers).toEqual({ request_signing: 'none accepted' });
    expect(report.findings[0]?.evidence.join('\n')).toMatch(/jwt-v2: GET \/test\/ping HTTP 401, GDF000014/);
    expect(asked).toEqual([]);
    expect(calls.every((call) => /^(ping|test) 40\d$/.test(call))).toBe(true);
  });

  it.concurrent.each([
    [1, []],
    [2, ['mock_request']],
    [3, ['mock_request', 'propose']],
    [4, ['mock_request', 'propose', 'propose']],
    [5, ['mock_request', 'propose', 'propose', 'propose']],
  ])('told no at question %i, does what was agreed before and asks no more', async (no, written) => {
    const { report, asked, calls } = await examine({}, { acknowledgementWaitMs: 0 }, (nth) => nth !== no);
    expect(asked).toHaveLength(no);
    expect(report.stopped).toMatch(/^you declined to /);
    const writes = calls
      .map((call) => call.split(' ')[0])
      .filter((call) => call !== 'ping' && call !== 'test');
    expect(writes).toEqual(written);
  });

  it.concurrent('tries one scheme only when told which', async () => {
    const { report, calls } = await examine({ ...signed, signing: 'encoded-body-v1' }, { signing: 'jwt-v2' });
    expect(report.stopped).toBe('QI accepts none of our signatures');
    expect(calls).toEqual(['ping 401', 'test 401']);
  });

  it.concurrent('says that a webhook does not verify, and sets nothing then', async () => {
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-521' });
    const publicKeyPem = stranger.publicKey.export({ type: 'spki', format: 'pem' }).toString();
    const { answers, settings } = await examine(
      { ...signed, signing: 'jwt-v2' },
      { publicKeyPem, acknowledgementWaitMs: 0 },
    );
    expect(answers.webhook_signing).toBe('jwt-v2, and we cannot verify it');
    expect(settings).not.toHaveProperty('QI_WEBHOOK_AUTH');
    expect(answers).not.toHaveProperty('acknowledgement');
  });

  it.concurrent('stops when the webhook of the mock auction does not come', async () => {
    const { report } = await examine({ behaviour: { webhooks: { drop_rate: 1 } } }, { webhookWaitMs: 300 });
    expect(report.stopped).toBe('the webhook of the mock auction did not come');
  });
});
