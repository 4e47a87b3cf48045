import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { isValidCnpj, parseDecimal } from '../kernel';
import { isDatabaseAddress, type DatabaseRoles } from './database/database-address';
import { SIGNS } from './telemetry/sightings';
import { trustedProxiesIn } from './http/trusted-proxies';

/** A start that cannot go on: each problem names the setting and what is wrong with it, never its value. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
  constructor(readonly problems: readonly string[]) {
    super(`settings are wrong:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that count as given: an empty one is as good as none. */
export function given(environment: Environment): Environment {
  return Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
}

const problemsOf = ({ issues }: z.ZodError): readonly string[] =>
  issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost']);

const integerText = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const flag = z
  .enum(['0', '1', 'true', 'false'], 'must be 1 or 0')
  .transform((text) => text === '1' || text === 'true');

const postgresUrl = z
  .string('is required: a postgres:// address (npm start sets it to the embedded server)')
  .regex(/^postgres(ql)?:\/\/\S+$/, 'must be a postgres:// address')
  .refine(
    isDatabaseAddress,
    'cannot be read: in its password, write / as %2F, and likewise @ : # ? % as %40 %3A %23 %3F %25',
  );

const scheme = z.enum(['none', 'jwt-v2', 'encoded-body-v1']);

const pemFile = z.string().transform((path, context) => {
  try {
    const text = readFileSync(path, 'utf8');
    if (text.includes('-----BEGIN ')) return text;
    context.addIssue({ code: 'custom', message: 'is not a PEM file' });
  } catch {
    context.addIssue({ code: 'custom', message: 'names a file that cannot be read' });
  }
  return z.NEVER;
});

const encryptionKey = z.string('is required: 32 bytes in base64').transform((text, context) => {
  const keys = text.split(',').map((part) => Buffer.from(part.trim(), 'base64'));
  if (keys.every((key) => key.length === 32)) return keys;
  context.addIssue({
    code: 'custom',
    message: 'must be 32 bytes in base64 (older keys may follow after a comma)',
  });
  return z.NEVER;
});

/**
 * The keys of ARREMATE_ENCRYPTION_KEY, for commands that need no other setting.
 * @throws SettingsError
 */
export function encryptionKeysIn(text: string | undefined): readonly Buffer[] {
  const read = encryptionKey.safeParse(text);
  if (read.success) return read.data;
  throw new SettingsError(read.error.issues.map(({ message }) => `ARREMATE_ENCRYPTION_KEY ${message}`));
}

const databaseRoles = z
  .object({ DATABASE_URL: postgresUrl, DATABASE_OWNER_URL: postgresUrl.optional() })
  .transform(({ DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }) => ({ url, ownerUrl }));

/**
 * As whom a command enters the database; an owner needs no other role.
 * @throws SettingsError
 */
export function databaseRolesIn(environment: Environment): DatabaseRoles {
  const set = given(environment);
  const read = databaseRoles.safeParse({ DATABASE_URL: set['DATABASE_OWNER_URL'], ...set });
  if (read.success) return read.data;
  throw new SettingsError(problemsOf(read.error));
}

const publicUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
  .transform((text) => text.replace(/\/+$/, ''));

const trustedProxies = z.string().transform((text, context) => {
  const read = trustedProxiesIn(text);
  if (read !== undefined) return read;
  context.addIssue({
    code: 'custom',
    message: 'must be how many proxies stand in front (1 to 10), or their addresses: 10.0.0.0/8, 2001:db8::7',
  });
  return z.NEVER;
});

const OIDC = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const;

const environmentSchema = z
  .object({
    PORT: integerText(0, 65_535).default(3000),
    HOST: z.string().min(1).default('127.0.0.1'),
    DATABASE_URL: postgresUrl,
    DATABASE_OWNER_URL: postgresUrl.optional(),
    /** Of a streaming replica: who looks at the past asks it while it is close enough. */
    DATABASE_REPLICA_URL: postgresUrl.optional(),
    /** Without it, migrations are applied by `npm run migrate` alone. */
    ARREMATE_MIGRATE: flag.default(true),
    ARREMATE_DATA_DIR: z.string().min(1).default('.data'),
    ARREMATE_RECOVERY_FILE: z.string().min(1).optional(),
    ARREMATE_ROLE: z.enum(['all', 'web', 'worker']).default('all'),
    ARREMATE_PUBLIC_URL: publicUrl.optional(),
    ARREMATE_TRUSTED_PROXIES: trustedProxies.optional(),
    ARREMATE_MANAGEMENT_PORT: integerText(0, 65_535).optional(),
    ARREMATE_MANAGEMENT_HOST: z.string().min(1).default('127.0.0.1'),
    ARREMATE_MANAGEMENT_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
    ARREMATE_API_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
    ARREMATE_ENCRYPTION_KEY: encryptionKey,
    ARREMATE_DRY_RUN: flag.default(false),
    /** Of an OTLP receiver over HTTP: http://collector:4318/v1/traces. Without it there are no traces. */
    ARREMATE_TRACES_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    ARREMATE_NOTIFY_LOOPBACK: flag.default(false),
    ARREMATE_LOG_FILE: z.string().min(1).optional(),
    ARREMATE_AUDIT_ANCHOR_FILE: z.string().min(1).optional(),
    ARREMATE_AUDIT_ANCHOR_URL: z
      .url({ protocol: /^https?$/, error: 'must be an http(s) address' })
      .optional(),
    /** Of the terminal's plain lines; the log is English. */
    ARREMATE_TERMINAL_LANGUAGE: z.enum(['en', 'pt-BR']).default('en'),
    ARREMATE_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
    PURCHASER_DOCUMENT_NUMBER: z
      .string('is required: the CNPJ of the buyer of the debt')
      .refine(isValidCnpj, 'must be a valid CNPJ: 14 characters, no punctuation, left zeros kept'),
    OIDC_ISSUER: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }).optional(),
    OIDC_CLIENT_ID: z.string().min(1).optional(),
    OIDC_CLIENT_SECRET: z.string().min(1).optional(),
    QI_BASE_URL: z.url({ protocol: /^https?$/, error: 'must be an http(s) address' }),
    QI_API_CLIENT_KEY: z.string('is required').min(1),
    QI_SIGNING: scheme.default('jwt-v2'),
    QI_WEBHOOK_AUTH: scheme.default('jwt-v2'),
    QI_PRIVATE_KEY_FILE: pemFile.optional(),
    QI_PUBLIC_KEY_FILE: pemFile.optional(),
    QI_DEADLINE_ZONE: z.enum(['auto', 'utc', 'America/Sao_Paulo']).default('auto'),
    QI_TIMEOUT_MS: integerText(100, 120_000).default(10_000),
    QI_REPEAT_UNKNOWN: z.enum(['never', 'same_key']).default('never'),
  })
  .superRefine((environment, context) => {
    const problem = (name: string, message: string): void => {
      context.addIssue({ code: 'custom', path: [name], message });
    };
    const bound = LOOPBACK.has(environment.HOST);
    for (const name of ['QI_SIGNING', 'QI_WEBHOOK_AUTH'] as const) {
      if (environment[name] === 'none' && !bound)
        problem(name, 'may be none only when HOST is a loopback address');
    }
    const { ARREMATE_MANAGEMENT_PORT: managementPort } = environment;
    if (managementPort !== undefined && managementPort !== 0 && managementPort === environment.PORT)
      problem('ARREMATE_MANAGEMENT_PORT', 'must be another port than PORT');
    const isOidcWanted = OIDC.some((name) => environment[name] !== undefined);
    for (const name of OIDC) {
      if (isOidcWanted && environment[name] === undefined)
        problem(name, `is required too: ${OIDC.join(', ')} go together`);
    }
    const issuer = environment.OIDC_ISSUER;
    if (issuer?.startsWith('http:') === true && !LOOPBACK.has(new URL(issuer).hostname))
      problem('OIDC_ISSUER', 'must be https: the identity of everybody who signs in depends on it');
    const anchors = environment.ARREMATE_AUDIT_ANCHOR_URL;
    if (anchors?.startsWith('http:') === true && !LOOPBACK.has(new URL(anchors).hostname))
      problem('ARREMATE_AUDIT_ANCHOR_URL', 'must be https');
    const signs = environment.QI_SIGNING !== 'none';
    const acknowledgesSigned = environment.QI_WEBHOOK_AUTH === 'encoded-body-v1';
    if ((signs || acknowledgesSigned) && environment.QI_PRIVATE_KEY_FILE === undefined) {
      problem('QI_PRIVATE_KEY_FILE', 'is required to sign: the PEM file of our EC P-521 private key');
    }
    const verifies = environment.QI_WEBHOOK_AUTH !== 'none' || environment.QI_SIGNING === 'encoded-body-v1';
    if (verifies && environment.QI_PUBLIC_KEY_FILE === undefined) {
      problem(
        'QI_PUBLIC_KEY_FILE',
        "is required to check what QI signs: the PEM file of QI's public key (two may stand in it)",
      );
    }
  })
  .transform((environment) => ({
    ...environment,
    /** Outlives the database, and whatever is restored of it. */
    ARREMATE_RECOVERY_FILE:
      environment.ARREMATE_RECOVERY_FILE ?? join(environment.ARREMATE_DATA_DIR, 'recovery-generation.json'),
    ARREMATE_AUDIT_ANCHOR_FILE: anchorFileOf(environment),
    /** Where people's browsers find us. */
    ARREMATE_PUBLIC_URL: environment.ARREMATE_PUBLIC_URL ?? addressOf(environment),
    /** Cookies travel over plain http only where nothing leaves the machine. */
    COOKIES_SECURE:
      !LOOPBACK.has(environment.HOST) || environment.ARREMATE_PUBLIC_URL?.startsWith('https:') === true,
  }));

/** Where the ends of the audit trail are kept outside the database. */
export function anchorFileOf(environment: {
  readonly ARREMATE_AUDIT_ANCHOR_FILE?: string | undefined;
  readonly ARREMATE_DATA_DIR?: string | undefined;
}): string {
  return (
    environment.ARREMATE_AUDIT_ANCHOR_FILE ??
    join(environment.ARREMATE_DATA_DIR ?? '.data', 'audit-anchors.jsonl')
  );
}

function addressOf({ HOST, PORT }: { readonly HOST: string; readonly PORT: number }): string {
  const host = HOST === '0.0.0.0' || HOST === '::' ? 'localhost' : HOST;
  return `http://${host.includes(':') ? `[${host}]` : host}:${PORT}`;
}

const positive = z.int().positive();
const fraction = z.string().transform((text, context) => {
  const value = parseDecimal(text);
  if (value?.gte(0) === true && value.lte(1)) return value;
  context.addIssue({ code: 'custom', message: 'must be a decimal between 0 and 1, in quotes' });
  return z.NEVER;
});

const hours = z.number().positive().max(2_160);
const timeLimit = z.union(
  [z.strictObject({ hours }), z.strictObject({ business_days: z.int().positive().max(60) })],
  'must be { hours: n } or { business_days: n }',
);

const qiPath = z
  .string()
  .regex(/^[a-z0-9_{}]+(\/[a-z0-9_{}]+)*$/, 'must be a path without a slash at either end');

const qiRoute = z
  .string()
  .regex(
    /^(GET|POST|PATCH|PUT|DELETE) [a-z0-9_]+(\/([a-z0-9_]+|\{[a-z_]+\}))*$/,
    'must be a method and a path',
  );

const LOAN_KEY = '\\{(?:credit_operation_key|auction_proposal_key|issuer_proposal_request_key)\\}';
const cancelRoute = z
  .string()
  .regex(
    new RegExp(`^(POST|PATCH) ([a-z0-9_]+/)*${LOAN_KEY}(/([a-z0-9_]+|${LOAN_KEY}))*$`),
    'must be POST or PATCH and a path in which a key of the loan stands in braces',
  );

const engineKeys = z.strictObject({
  inbox: z.strictObject({
    max_body_bytes: positive,
    queue_max_events: positive,
    queue_max_bytes: positive,
    batch_max_events: positive.max(500),
    writers: positive.max(8),
    acknowledge_within_ms: positive.max(9_999),
    handlers: positive.max(64),
    max_attempts: positive,
    retry_after_ms: positive,
    waiting_days: positive.max(365),
  }),
  auction: z.strictObject({
    longest_window_minutes: positive.max(179),
    network_margin_ms: z.int().nonnegative(),
    initial_latency_ms: positive,
    latency_percentile: z.number().gt(0).max(1),
    queue_max: positive,
    concurrency: positive.max(1000),
    batch_max: positive.max(500),
    max_attempts: positive,
    retry_base_ms: positive,
    retry_max_ms: positive,
    max_refits: z.int().nonnegative(),
    refit_step: fraction,
    drift_tolerance_reais: fraction,
    drift_tolerance_rate: fraction,
    outcome_grace_minutes: positive,
  }),
  operation: z.strictObject({
    undo_window_seconds: z.int().nonnegative(),
    withdrawal_days: positive.max(60),
    withdrawal_business_days: positive.max(60),
    concurrency: positive.max(64),
    poll_ms: positive,
    retry_base_ms: positive,
    retry_max_ms: positive,
    tell_after_attempts: positive,
    command_inquiries: positive.max(100),
    sweep_ms: positive,
    unlinked_after_minutes: positive,
    task_due_hours: z.strictObject({
      authorization_review: hours,
      reservation_unexplained: hours,
      disbursement_failed: hours,
      contradiction: hours,
      command_rejected: hours,
      command_unknown: hours,
      unlinked_operation: hours,
      late: hours,
      margin_unsettled: hours,
      auction_parked: hours,
      pricing_drift: hours,
      human_review: hours,
      proposal_refused: hours,
      proposal_unknown: hours,
      proposal_review: hours,
      authorization_ending: hours,
    }),
    status_limits: z.strictObject({
      awaiting_signature: timeLimit,
      signature_failed: timeLimit,
      signed: timeLimit,
      awaiting_authorization: timeLimit,
      authorized: timeLimit,
      reservation_retrying: timeLimit,
      reservation_failed: timeLimit,
      parked: timeLimit,
      reserved: timeLimit,
      canceling: timeLimit,
    }),
    margin_limits: z.strictObject({
      not_asked: timeLimit,
      pending_consent: timeLimit,
      pending_consent_with_deletion: timeLimit,
      retrying: timeLimit,
      unexplained: timeLimit,
      held: timeLimit,
      refused: timeLimit,
      released: timeLimit,
    }),
    consent_days: positive.max(90),
    consent_reminder_days: z.array(z.int().min(0).max(90)).max(20),
  }),
  policy: z.strictObject({
    backtest_min_requests: positive,
    backtest_days: positive.max(30),
  }),
  origination: z.strictObject({
    concurrency: positive.max(64),
    poll_ms: positive,
    retry_base_ms: positive,
    retry_max_ms: positive,
    tell_after_attempts: positive,
    queries_per_second: positive.max(100),
    retry_after_minutes: positive,
    max_retries: z.int().nonnegative().max(100),
    answer_within_minutes: positive,
    sweep_ms: positive,
    batch_max_lines: positive.max(2_000),
    issue_inquiries: positive.max(100),
    federal_payroll: z
      .strictObject({
        opens_at_hour: z.int().min(0).max(23),
        closes_at_hour: z.int().min(1).max(24),
        business_days_only: z.boolean(),
        limit_days_to_disburse: z.int().min(0).max(30),
        reservation_method: z.enum(['creation', 'issuing']),
        authorization_warning_days: z.int().min(0).max(30),
      })
      .refine((hours) => hours.opens_at_hour < hours.closes_at_hour, 'must open before it closes'),
  }),
  access: z.strictObject({
    anchor_every_minutes: positive.max(1_440),
    session_idle_minutes: positive,
    session_max_hours: positive,
    sign_in_max_failures: positive,
    sign_in_lock_minutes: positive,
    name_slow_after: positive,
    address_slow_after: positive,
    sign_in_first_delay_ms: positive,
    sign_in_max_delay_ms: positive.max(30_000),
    known_browser_days: positive.max(400),
    invitation_hours: positive,
    token_days: positive,
    token_max_days: positive.max(3_660),
    token_warning_days: positive,
    borrower_lookups_an_hour: positive.max(10_000),
  }),
  notifications: z.strictObject({
    sweep_ms: positive,
    per_endpoint: positive.max(64),
    per_message: positive.max(200),
    timeout_ms: positive.max(60_000),
    max_answer_bytes: positive,
    max_attempts: positive,
    retry_base_ms: positive,
    retry_factor: z.number().min(1).max(10),
    retry_max_ms: positive,
    keep_days: positive,
  }),
  alerts: z.strictObject({
    look_every_ms: positive,
    group_ms: z.int().nonnegative(),
    over_after_ms: z.int().nonnegative(),
    remind_after_minutes: positive,
    cap_used: fraction,
    due_within_minutes: positive,
    stopped_after_hours: positive,
  }),
  monitoring: z.strictObject({
    stop_after_seconds: z.number().nonnegative().max(14_400),
    signs: z.array(z.enum(SIGNS)).min(1),
    resumes: z.boolean(),
    look_every_ms: positive.max(60_000),
  }),
  qi: z.strictObject({
    breaker_failures: positive,
    breaker_half_open_ms: positive,
    max_sockets: positive.max(1000),
    warm_connections: z.int().nonnegative().max(100),
    max_response_bytes: positive,
    notification_list_path: qiPath,
    notification_resend_path: qiPath.refine(
      (path) => path.includes('{event_key}'),
      'must say where the {event_key} stands',
    ),
    page_parameter: z.string().regex(/^[a-z_]{1,40}$/, 'must be the name of a parameter'),
    cancel_route_auction: cancelRoute,
    cancel_route_active: cancelRoute,
    reversal: qiRoute,
    find_reversal: qiRoute,
    fgts: z.strictObject({
      query_balance: qiRoute,
      read_balance: qiRoute,
      cancel_query: qiRoute,
      simulate_maximum: qiRoute,
      simulate_target: qiRoute,
      issue: qiRoute,
      find_issued: qiRoute,
    }),
    federal_payroll: z.strictObject({
      query_balance: qiRoute,
      simulate: qiRoute,
      issue: qiRoute,
      find_issued: qiRoute,
      open_account: qiRoute,
      open_batch: qiRoute,
      refinancing_account: z.enum(['external', 'internal']),
      batch_signature: z.boolean(),
    }),
  }),
  reconciliation: z.strictObject({
    every_seconds: positive,
    auction_quiet_minutes: positive,
    operation_quiet_minutes: positive,
    signature_quiet_hours: positive,
    ask_again_seconds: positive,
    ask_again_max_minutes: positive,
    give_up_days: positive.max(90),
    scan_overlap_minutes: positive,
    first_scan_hours: positive,
    max_calls: positive,
    calls_per_second: positive.max(100),
    resends_per_gap: positive.max(100),
    keep_days: positive,
  }),
  recovery: z.strictObject({
    look_every_ms: positive.max(10_000),
    unwitnessed_after_minutes: positive,
    margin_seconds: z.int().nonnegative(),
    failover_keeps_commits: z.boolean(),
  }),
  clock: z.strictObject({
    max_offset_ms: positive,
  }),
  retention: z.strictObject({
    every_hours: positive.max(720),
    batch_rows: positive.max(10_000),
  }),
  documents: z.strictObject({
    max_bytes: positive.max(64 * 1024 * 1024),
    at_once: positive.max(64),
  }),
  uploads: z.strictObject({
    at_once: positive.max(8),
    waiting_max: z.int().nonnegative().max(100),
    max_seconds: positive.max(120),
    max_heap_mb: positive.min(128).max(1_024),
  }),
  database: z.strictObject({
    connections: positive.max(200),
    hot_connections: positive.max(64),
    commit_every_ms: z.int().nonnegative().max(100),
    hot_timeout_ms: positive.max(30_000),
    replica_max_lag_ms: positive.max(600_000),
  }),
  instance: z.strictObject({
    heartbeat_ms: positive,
    dead_after_ms: positive,
    sweep_ms: positive,
    drain_ms: positive.max(9_000),
  }),
});

const HEARTBEATS_MISSED = 3;

/** What keys promise each other: each alone may be sound. */
const engineSchema = engineKeys
  .refine(({ clock, auction }) => clock.max_offset_ms <= auction.network_margin_ms, {
    path: ['clock', 'max_offset_ms'],
    message: 'must be no more than auction.network_margin_ms: bids would go out after the limit',
  })
  .refine(({ instance }) => instance.dead_after_ms >= HEARTBEATS_MISSED * instance.heartbeat_ms, {
    path: ['instance', 'dead_after_ms'],
    message: `must be at least ${HEARTBEATS_MISSED} times instance.heartbeat_ms: a process that lives would count as dead`,
  });

export type EngineSettings = z.infer<typeof engineSchema>;
export type Settings = z.infer<typeof environmentSchema> & { readonly engine: EngineSettings };

/** Injection token of the validated settings. */
export const SETTINGS = Symbol('Settings');

/**
 * Reads the environment and config/engine.yaml together.
 * @throws SettingsError with every problem found, each naming its setting.
 */
export function readSettings(
  environment: Environment,
  engineFile = given(environment)['ARREMATE_ENGINE_FILE'] ?? 'config/engine.yaml',
): Settings {
  const read = environmentSchema.safeParse(given(environment));
  const engine = engineSchema.safeParse(readYaml(engineFile));
  if (read.success && engine.success) return { ...read.data, engine: engine.data };
  throw new SettingsError([
    ...(read.success ? [] : problemsOf(read.error)),
    ...(engine.success ? [] : problemsOf(engine.error).map((problem) => `${engineFile}: ${problem}`)),
  ]);
}

function readYaml(file: string): unknown {
  try {
    return parseYaml(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new SettingsError([`${file}: ${error instanceof Error ? error.message : 'cannot be read'}`]);
  }
}
