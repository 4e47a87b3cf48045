import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { capsOf } from '../decision/domain';
import { MONEY_REASONS } from '../inbox/domain';
import { Decimal, SAO_PAULO } from '../kernel';
import { isSealed, SETTINGS, UNWATCHED, type Settings } from '../platform';
import { ActivePolicy } from '../policy';
import { RateDoubts } from '../winning';
import type { FoundAlert } from './domain';

/** A minute's or an hour's pace is meant to be reached; what holds for a day or longer is worth a word before. */
const CAPS = ['total', 'per_day', 'bids_per_day'] as const;
/** A cap put to a centavo is used many million times over: that says no more than this, and fits into no integer. */
const MOST_PERCENT = 9_999;

/**
 * Each of its own: what only a second person can let through, of which the fifty oldest stand for all, a change of QI's filter that
 * QI did not confirm among them (a stop, too: nobody may believe that QI sends nothing), and scheduled versions of the policy that were refused, until one is in force that a person chose since. Those that follow by a date that was set
 * before are no answer to it.
 */
const FOR_PEOPLE = `
  SELECT 'approvals_waiting' AS kind, approvals.* FROM (
    SELECT 'policy:' || number AS subject, 'policy:' || number AS detail, submitted_at AS since
    FROM policy_version WHERE state = 'in_review'
    UNION ALL
    SELECT id::text, CASE action WHEN 'release_kill_switch' THEN 'kill_switch' ELSE 'operation' END, requested_at
    FROM approval WHERE status = 'pending'
    UNION ALL
    SELECT id::text, 'qi_filters', coalesce(sent_at, proposed_at) FROM qi_filter_change
    WHERE status IN ('proposed', 'unknown') OR status = 'sending' AND sent_at < now() - interval '1 minute'
    UNION ALL
    SELECT hash, 'rate_model', made_at FROM rate_model_version
    WHERE state = 'waiting' AND policy_hash = (SELECT hash FROM policy_version WHERE state = 'active')
    UNION ALL
    SELECT 'rates_resume', 'rates_resume', resume_asked_at FROM rate_model_line WHERE resume_asked_at IS NOT NULL
    ORDER BY since LIMIT 50) AS approvals
  UNION ALL
  SELECT 'activation_refused', 'policy:' || number, 'policy:' || number, refused_at FROM policy_version
  WHERE state = 'approved' AND refused_at > (
    SELECT max(CASE WHEN scheduled THEN scheduled_at ELSE activated_at END) FROM policy_activation)`;

const USED = `
  SELECT name, used::text AS used FROM limit_use JOIN (VALUES
    ('total', ''),
    ('per_day', to_char(now() AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM-DD')),
    ('bids_per_day', to_char(now() AT TIME ZONE '${SAO_PAULO}', 'YYYY-MM-DD'))) AS present (name, key) USING (name, key)`;

/** No bid and no command is sent until a person has looked. */
const UNCONFIRMED = `
  SELECT min(found_at) AS since, (array_agg(sign ORDER BY id DESC))[1] AS detail FROM recovery
  WHERE confirmed_at IS NULL HAVING count(*) > 0`;

/** Learned rates that are not bid any more. */
const RETURNED = `SELECT returned_at AS since, returned_for AS detail FROM rate_model_line WHERE returned_at IS NOT NULL`;

/**
 * A process of a release that does not know a kind fails the list of alerts that has it: these are told of once none runs whose newest
 * migration is older.
 */
const KNOWN_SINCE = 1_700_000_014_293;
const NONE_IS_OLDER = `NOT EXISTS (SELECT FROM instance AS older
  WHERE instance_is_alive(older.id) AND older.newest_migration < ${String(KNOWN_SINCE)})`;

/**
 * Webhooks that a person has to handle again or to settle; apart those that are money, of which each one more is told. What was
 * erased meanwhile can be handled no more.
 */
const PARKED = `
  SELECT count(*)::int AS count, min(coalesce(handled_at, received_at)) AS since,
    coalesce(reason = ANY ($1), false) AS "isMoney"
  FROM webhook_event WHERE status = 'parked' AND settled_at IS NULL AND ${isSealed('raw_ciphertext')} AND ${NONE_IS_OLDER}
  GROUP BY "isMoney"`;

/**
 * What living processes do not do any more that they do again and again, told by its longest. An audit trail that is not anchored may
 * have been changed: that is no work to start again.
 */
const LATE = `
  SELECT CASE job WHEN 'audit_anchor' THEN 'audit_unanchored' ELSE 'work_late' END AS kind, count(*)::int AS count,
    min(since) AS since, (array_agg(job ORDER BY since))[1] AS detail
  FROM instance CROSS JOIN unnest(late_work, late_since) AS late (job, since)
  WHERE alive_until > clock_timestamp() AND ${NONE_IS_OLDER} GROUP BY 1`;

/**
 * One statement: it is asked again and again. Notifications: endpoints to which something was not delivered in three
 * sendings and still waits or was given up, with nothing delivered since, those that have taken nothing for a minute (where
 * much waits, a third sending comes hours later), and those that said that they are gone.
 */
const COUNTED = `
  SELECT 'tasks_due' AS kind, count(*)::int AS count, min(due_at) - $1 * interval '1 minute' AS since FROM task
  WHERE status <> 'resolved' AND due_at <= now() + $1 * interval '1 minute'
    AND (snoozed_until IS NULL OR snoozed_until <= now())
  UNION ALL
  SELECT 'bidding_stopped', count(*)::int, min(engaged_since) FROM kill_switch
  WHERE engaged AND actor <> '${UNWATCHED}' AND engaged_since <= now() - $2 * interval '1 hour'
    AND NOT EXISTS (SELECT FROM recovery WHERE confirmed_at IS NULL AND found_at <= engaged_since)
  UNION ALL
  SELECT 'pricing_drift', count(*)::int, min(submitted_at) FROM bid
  WHERE submitted_at > now() - interval '1 day' AND jsonb_array_length(drift -> 'remarkable') > 0
  UNION ALL
  SELECT 'notifications_failing', count(*)::int, min(least(repeated.since, failing.since, p.given_up_since)) FROM notification_endpoint p
  LEFT JOIN LATERAL (
    SELECT min(e.occurred_at) AS since FROM notification_delivery d JOIN notification_event e ON e.id = d.event_id
    WHERE d.endpoint_id = p.id AND d.status = 'waiting' AND d.attempts >= 3) repeated ON p.enabled
  LEFT JOIN LATERAL (
    SELECT p.failing_since AS since WHERE p.failing_since <= now() - interval '1 minute' AND EXISTS (
      SELECT FROM notification_delivery d WHERE d.endpoint_id = p.id AND d.status = 'waiting')) failing ON p.enabled
  WHERE p.removed_at IS NULL AND (p.disabled_reason = 'gone'
    OR p.enabled AND (repeated.since IS NOT NULL OR failing.since IS NOT NULL OR p.given_up_since IS NOT NULL))`;

interface ForPeople extends Pick<FoundAlert, 'kind' | 'subject' | 'since'> {
  readonly detail: string;
}

interface Parked {
  readonly count: number;
  readonly since: Date;
  readonly isMoney: boolean;
}

interface Late {
  readonly kind: 'work_late' | 'audit_unanchored';
  readonly count: number;
  readonly since: Date;
  readonly detail: string;
}

interface Counted {
  readonly kind: FoundAlert['kind'];
  readonly count: number;
  readonly since: Date | null;
}

/** What waits for people or goes astray, without anything being broken. */
@Injectable()
export class WaitingAlerts {
  constructor(
    private readonly dataSource: DataSource,
    private readonly policies: ActivePolicy,
    private readonly doubts: RateDoubts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async find(now: Date): Promise<FoundAlert[]> {
    const { due_within_minutes, stopped_after_hours } = this.settings.engine.alerts;
    // One after the other, on one connection: nobody waits for it, and five would be opened each time for this alone.
    const people = await this.dataSource.query<ForPeople[]>(FOR_PEOPLE);
    const counted = await this.dataSource.query<Counted[]>(COUNTED, [
      due_within_minutes,
      stopped_after_hours,
    ]);
    const caps = await this.#capsNear(now);
    const parked = await this.dataSource.query<Parked[]>(PARKED, [MONEY_REASONS]);
    const late = await this.dataSource.query<Late[]>(LATE);
    const restored = await this.dataSource.query<{ since: Date; detail: string }[]>(UNCONFIRMED);
    const returned = await this.dataSource.query<{ since: Date; detail: string }[]>(RETURNED);
    const doubts = await this.doubts.find();
    return [
      ...restored.map(({ since, detail }) => restore(since, detail)),
      ...parked.map(parkedWebhooks),
      ...late.map(lateWork),
      ...caps,
      ...returned.map(({ since, detail }) => ({ ...warning('rates_returned', since, detail), subject: '' })),
      // At the table nothing rests on them.
      ...(returned.length > 0 ? [] : doubts).map(({ doubt, since }) =>
        warning('rates_in_doubt', since, doubt),
      ),
      ...people.map(({ kind, subject, detail, since }) => ({ ...warning(kind, since, detail), subject })),
      ...counted
        .filter(({ count }) => count > 0)
        .map(({ kind, count, since }) => ({ ...warning(kind, since ?? now, null), count })),
    ];
  }

  async #capsNear(now: Date): Promise<FoundAlert[]> {
    const used = await this.dataSource.query<{ name: string; used: string }[]>(USED);
    const caps = capsOf(this.policies.current().compiled);
    return CAPS.flatMap((name) => {
      const cap = caps[name];
      const row = used.find((one) => one.name === name);
      if (cap === undefined || row === undefined || cap.lte(0)) return [];
      const share = new Decimal(row.used).div(cap);
      if (share.lt(this.settings.engine.alerts.cap_used)) return [];
      const percent = Number(share.times(100).toFixed(0));
      return [{ ...warning('caps_near', now, name), count: Math.min(percent, MOST_PERCENT) }];
    });
  }
}

/** One at most, however many were found before a person came. */
function restore(since: Date, detail: string): FoundAlert {
  return { ...warning('restore_unconfirmed', since, detail), subject: '', severity: 'critical' };
}

function parkedWebhooks({ count, since, isMoney }: Parked): FoundAlert {
  if (!isMoney) return { ...warning('webhooks_parked', since, null), count };
  return { ...warning('webhooks_parked', since, 'unexpected_win'), severity: 'critical', count };
}

/** One of each kind, however much is late. */
function lateWork({ kind, count, since, detail }: Late): FoundAlert {
  if (kind === 'audit_unanchored') return warning(kind, since, null);
  return { ...warning(kind, since, detail), subject: '', count };
}

function warning(kind: FoundAlert['kind'], since: Date, detail: string | null): FoundAlert {
  return { kind, subject: detail ?? '', severity: 'warning', since, count: null, detail };
}
