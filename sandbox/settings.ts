import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { BehaviourError, changeBehaviour, defaultBehaviour, type Behaviour } from './behaviour';
import type { Identity } from './signing';

export interface Settings {
  readonly port: number;
  readonly host: string;
  readonly seed: number;
  readonly identity: Identity;
  readonly behaviour: Behaviour;
  /** Where what is not over is kept from run to run. */
  readonly ledgerFile: string | undefined;
}

/** A start that cannot go on; each problem names its setting. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`sandbox settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

const number = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be a plain number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const wholeNumber = (min: number, max: number) => number(min, max).pipe(z.int());

const key = (read: (pem: string) => KeyObject) =>
  z.string().transform((path, context) => {
    try {
      const object = read(readFileSync(path, 'utf8'));
      if (object.asymmetricKeyDetails?.namedCurve === 'secp521r1') return object;
      context.addIssue({ code: 'custom', message: 'must hold an EC P-521 key' });
    } catch {
      context.addIssue({ code: 'custom', message: 'names a file that is not a readable PEM key' });
    }
    return z.NEVER;
  });

const configFile = z.string().transform((path, context): unknown => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    context.addIssue({ code: 'custom', message: 'names a file that is not readable JSON' });
    return z.NEVER;
  }
});

const environmentSchema = z
  .object({
    SANDBOX_PORT: wholeNumber(0, 65_535).default(3100),
    SANDBOX_HOST: z.string().min(1).default('127.0.0.1'),
    SANDBOX_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    SANDBOX_SEED: wholeNumber(0, 999_999_999).default(1),
    SANDBOX_AUCTIONS_PER_MINUTE: number(0, 60_000).optional(),
    SANDBOX_WINDOW_SECONDS: number(0, 86_400).optional(),
    SANDBOX_STEP_SECONDS: number(0, 86_400).optional(),
    SANDBOX_UNSIGNED_ENDS: z.enum(['never', 'canceled_permanently']).optional(),
    SANDBOX_SIGNING: z.enum(['none', 'jwt-v2', 'encoded-body-v1']).default('none'),
    SANDBOX_PRIVATE_KEY_FILE: key(createPrivateKey).optional(),
    SANDBOX_PARTNER_PUBLIC_KEY_FILE: key(createPublicKey).optional(),
    SANDBOX_API_CLIENT_KEY: z.string().min(1).default('sandbox'),
    SANDBOX_CONFIG: configFile.optional(),
    SANDBOX_LEDGER_FILE: z.string().optional(),
  })
  .superRefine((environment, context) => {
    if (environment.SANDBOX_SIGNING === 'none') return;
    for (const name of ['SANDBOX_PRIVATE_KEY_FILE', 'SANDBOX_PARTNER_PUBLIC_KEY_FILE'] as const) {
      if (environment[name] !== undefined) continue;
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `is required when SANDBOX_SIGNING is ${environment.SANDBOX_SIGNING}`,
      });
    }
  });

/**
 * Reads the sandbox's environment; what stands in it goes before the file SANDBOX_CONFIG names.
 * @throws SettingsError with every problem found.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const known = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const result = environmentSchema.safeParse(known);
  const problems = result.success
    ? []
    : result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const config = configFile.optional().safeParse(known['SANDBOX_CONFIG']);
  const behaviour = readBehaviour(config.data ?? {}, result.data, problems);
  if (!result.success || behaviour === undefined) throw new SettingsError(problems);
  return {
    port: result.data.SANDBOX_PORT,
    host: result.data.SANDBOX_HOST,
    seed: result.data.SANDBOX_SEED,
    identity: {
      scheme: result.data.SANDBOX_SIGNING,
      apiClientKey: result.data.SANDBOX_API_CLIENT_KEY,
      privateKey: result.data.SANDBOX_PRIVATE_KEY_FILE,
      partnerPublicKey: result.data.SANDBOX_PARTNER_PUBLIC_KEY_FILE,
    },
    behaviour,
    ledgerFile: result.data.SANDBOX_LEDGER_FILE,
  };
}

function readBehaviour(
  config: unknown,
  environment: z.infer<typeof environmentSchema> | undefined,
  problems: string[],
): Behaviour | undefined {
  try {
    return changeBehaviour(changeBehaviour(defaultBehaviour(), config), {
      contract: { unsigned_ends: environment?.SANDBOX_UNSIGNED_ENDS },
      webhooks: { url: environment?.SANDBOX_WEBHOOK_URL },
      pace: {
        auctions_per_minute: environment?.SANDBOX_AUCTIONS_PER_MINUTE,
        window_seconds: environment?.SANDBOX_WINDOW_SECONDS,
        step_seconds: environment?.SANDBOX_STEP_SECONDS,
      },
    });
  } catch (error) {
    if (!(error instanceof BehaviourError)) throw error;
    problems.push(...error.problems.map((problem) => `SANDBOX_CONFIG: ${problem}`));
    return undefined;
  }
}
