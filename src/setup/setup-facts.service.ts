import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConformanceRuns, type ConformanceRun } from '../conformance';
import { readDryRun, SETTINGS, type Settings } from '../platform';
import { ActivePolicy } from '../policy';
import type { ConformanceFacts, SetupFacts } from './domain';

/** Of what is asked in any case, whether it happened at all; each stops at the first row that an index finds. */
const FACTS = `
  SELECT
    (SELECT coalesce(json_agg(roles), '[]') FROM app_user
     WHERE disabled_at IS NULL AND (password_hash IS NOT NULL OR oidc_subject IS NOT NULL)) AS people,
    (SELECT actor <> 'seed' FROM policy_activation ORDER BY id DESC LIMIT 1) AS is_ours,
    EXISTS (SELECT FROM qi_filter_change WHERE kind = 'change' AND status = 'sent') AS filter_sent,
    NOT EXISTS (SELECT FROM bid_attempt) AND EXISTS (SELECT FROM auction
      WHERE status = 'missed' AND status_reason = 'dry_run') AS held_back,
    (SELECT engaged FROM kill_switch) AS stopped,
    EXISTS (SELECT FROM approval WHERE action = 'release_kill_switch' AND status = 'approved') AS released,
    EXISTS (SELECT FROM bid_attempt) AS sent`;

interface FactsRow {
  readonly people: readonly (readonly string[])[];
  readonly is_ours: boolean | null;
  readonly filter_sent: boolean;
  readonly held_back: boolean;
  readonly stopped: boolean | null;
  readonly released: boolean;
  readonly sent: boolean;
}

/** What the first day goes by: nobody ticks anything off. */
@Injectable()
export class SetupFactsSource {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly conformance: ConformanceRuns,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async read(): Promise<SetupFacts> {
    const [row] = await this.dataSource.query<FactsRow[]>(FACTS);
    if (row === undefined) throw new Error('a query without a row');
    const run = await this.conformance.latest();
    const dryRun = await readDryRun(this.dataSource.manager, this.settings.ARREMATE_DRY_RUN);
    return {
      people: row.people,
      keys: {
        signing: this.settings.QI_SIGNING,
        webhookAuth: this.settings.QI_WEBHOOK_AUTH,
        hasOurs: this.settings.QI_PRIVATE_KEY_FILE !== undefined,
        hasTheirs: this.settings.QI_PUBLIC_KEY_FILE !== undefined,
      },
      conformance: run && this.#conformanceFacts(run),
      policy: { isOurs: row.is_ours === true, openCaps: this.#openCaps() },
      isFilterSent: row.filter_sent,
      hasHeldBack: row.held_back,
      isDryRun: dryRun.some,
      isBiddingStopped: row.stopped === true,
      isReleasedByTwo: row.released,
      isLive: row.sent,
    };
  }

  #openCaps(): string[] {
    const { exposure } = this.policies.current().compiled.policy;
    return CAPS.filter((name) => exposure[name] === null);
  }

  #conformanceFacts({ state, writes, findings }: ConformanceRun): ConformanceFacts {
    const wanted = Object.assign({}, ...findings.map(({ settings }) => settings ?? {})) as Readonly<
      Record<string, string>
    >;
    const ours = this.settings as unknown as Readonly<Record<string, unknown>>;
    const otherSettings = Object.entries(wanted)
      .filter(([name, value]) => ours[name] !== value && !isAtLeastAsCareful(name, ours[name]))
      .map(([name]) => name);
    return { state, writes, otherSettings };
  }
}

/** `auto` finds the zone out for each auction, and not repeating is always safe. */
function isAtLeastAsCareful(name: string, ours: unknown): boolean {
  return (
    (name === 'QI_DEADLINE_ZONE' && ours === 'auto') || (name === 'QI_REPEAT_UNKNOWN' && ours === 'never')
  );
}

const CAPS = ['per_borrower', 'per_employer', 'per_day', 'total'] as const;
