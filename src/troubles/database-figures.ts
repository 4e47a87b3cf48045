import type { DataSource } from 'typeorm';
import { isAnswered } from '../auction';
import { ACTION_RULES, OPERATION_ACTIONS } from '../operation/domain';
import { PROPOSAL_ACTION_RULES, PROPOSAL_ACTIONS } from '../origination/domain';
import { UNWATCHED } from '../platform';
import { TROUBLE_KINDS, type DatabaseFigures, type QiFailure, type Trouble } from './domain';

/** A POST that has had no answer for so long is a failure before its limit tells. */
const HANGS_AFTER_SECONDS = 10;
const COMMAND_TRIES = 3;
/** Sent again until QI takes them. Of the others a lost answer is looked up or left to people, and a task tells of it. */
const REPEATED_WHEN_UNKNOWN: readonly string[] = [
  ...OPERATION_ACTIONS.filter((action) => ACTION_RULES[action].whenUnknown === 'repeat'),
  ...PROPOSAL_ACTIONS.filter((action) => PROPOSAL_ACTION_RULES[action].whenUnknown === 'repeat'),
];

/**
 * QI is judged by the bids of the last quarter of an hour; when the last good answer came, by an index, however long ago.
 * A refusal of a bid is an answer; one of QI's door, which takes nothing, is none, nor is the end of an auction. What the open
 * circuit did not send failed, and was no call. A command that is to be sent again after a look-up was not refused: its attempts
 * were look-ups, and QI has answered the newest.
 */
const FIGURES = `
  WITH recent AS MATERIALIZED (
    SELECT request_control_key, status, submitted_at FROM bid WHERE submitted_at >= now() - interval '15 minutes'),
  tried AS MATERIALIZED (
    SELECT attempt.*, outcome IN ('accepted', 'rejected') AS is_good, detail IS NOT DISTINCT FROM 'circuit_open' AS is_held_back
    FROM recent JOIN bid_attempt attempt USING (request_control_key)),
  good AS (
    SELECT greatest(
      (SELECT max(answered_at) FROM tried WHERE is_good),
      (SELECT answered_at FROM bid WHERE (status = 'rejected' OR ${isAnswered('bid')}) AND submitted_at > now() - interval '1 day'
       ORDER BY submitted_at DESC LIMIT 1)) AS at),
  failed AS (
    SELECT sent_at, outcome, http_status, is_held_back FROM tried, good
    WHERE NOT is_good AND (good.at IS NULL OR sent_at > good.at)),
  hanging AS (
    SELECT submitted_at FROM recent, good WHERE status = 'sending'
      AND submitted_at < now() - interval '${HANGS_AFTER_SECONDS} seconds'
      AND (good.at IS NULL OR submitted_at > good.at)),
  began AS (
    SELECT coalesce(
      (SELECT submitted_at FROM bid
       WHERE submitted_at > coalesce((SELECT good.at FROM good), now() - interval '1 day')
       ORDER BY submitted_at LIMIT 1),
      (SELECT min(sent_at) FROM failed)) AS at),
  silent AS (SELECT max(received_at) AS since FROM webhook_event),
  commands AS (
    SELECT action, attempts, status, found_nothing, created_at FROM operation_command WHERE status IN ('intended', 'unknown')
    UNION ALL SELECT action, attempts, status, found_nothing, created_at FROM proposal_command command
    WHERE status IN ('intended', 'unknown') AND NOT EXISTS (
      SELECT FROM proposal_event said WHERE said.proposal_id = command.proposal_id AND kind = 'issue_said_not_taken'
        AND summary ->> 'command_id' = command.id::text AND recorded_at > coalesce(sent_at, created_at))),
  waiting AS (
    SELECT count(*)::integer AS count, min(created_at) AS since FROM commands
    WHERE attempts >= ${COMMAND_TRIES} AND (status = 'intended' AND found_nothing = 0 OR status = 'unknown' AND action = ANY ($1)))
  SELECT now() AS now,
    (SELECT count(*) FROM failed)::integer + (SELECT count(*) FROM hanging)::integer AS failures,
    good.at AS answered_at,
    began.at AS failed_since,
    coalesce(
      (SELECT CASE WHEN outcome <> 'not_taken' THEN outcome WHEN http_status = 429 THEN 'too_many_requests'
         WHEN http_status IS NOT NULL THEN 'access_refused' ELSE 'unreachable' END FROM failed WHERE NOT is_held_back ORDER BY sent_at DESC LIMIT 1),
      (SELECT 'no_answer' FROM hanging LIMIT 1)) AS last_failure,
    (SELECT count(*)::integer FROM bid WHERE submitted_at >= began.at
       AND (status IN ('withdrawn', 'unknown', 'unproven') OR status_reason = 'known_by_outcome'))
      + (SELECT count(*)::integer FROM hanging) AS undelivered,
    (SELECT count(*)::integer FROM tried WHERE sent_at > now() - interval '1 minute' AND NOT is_held_back) AS calls,
    (SELECT count(*)::integer FROM tried
     WHERE sent_at > now() - interval '1 minute' AND NOT is_held_back AND NOT is_good) AS failed_calls,
    waiting.count AS commands, waiting.since AS commands_since,
    silent.since AS webhook_at,
    (SELECT min(started_at) FROM instance WHERE alive_until > clock_timestamp()) AS listening_since,
    (SELECT count(*)::integer FROM webhook_event
     WHERE received_at BETWEEN silent.since - interval '1 hour' AND silent.since) AS hour_before,
    (SELECT opened_at FROM operation WHERE auction_key IS NOT NULL ORDER BY opened_at DESC LIMIT 1) AS last_win_at,
    (SELECT recorded_at FROM operation_event WHERE kind = 'signed' ORDER BY recorded_at DESC LIMIT 1) AS last_signature_at,
    (SELECT changed_at FROM kill_switch WHERE NOT engaged) AS bids_since,
    (SELECT changed_at FROM kill_switch WHERE engaged AND actor = '${UNWATCHED}') AS unwatched_since,
    (SELECT count(*)::integer FROM webhook_event WHERE status = 'new') AS queued,
    (SELECT received_at FROM webhook_event WHERE status = 'new' ORDER BY id LIMIT 1) AS oldest_queued_at,
    (SELECT count(*)::integer FROM instance WHERE alive_until > clock_timestamp() AND role <> 'web') AS working,
    (SELECT max(alive_until) FROM instance WHERE role <> 'web') AS worked_until,
    (SELECT count(*)::integer FROM instance WHERE alive_until > clock_timestamp() AND NOT decides) AS clocks_off,
    (SELECT coalesce(json_agg(json_build_object('kind', kind, 'severity', severity, 'since', since, 'count', count, 'detail', detail)), '[]')
     FROM alert WHERE resolved_at IS NULL AND kind = ANY ($2)) AS told
  FROM good, began, silent, waiting`;

interface Row {
  readonly now: Date;
  readonly failures: number;
  readonly answered_at: Date | null;
  readonly failed_since: Date | null;
  readonly last_failure: QiFailure | null;
  readonly undelivered: number;
  readonly calls: number;
  readonly failed_calls: number;
  readonly commands: number;
  readonly commands_since: Date | null;
  readonly webhook_at: Date | null;
  readonly listening_since: Date | null;
  readonly hour_before: number;
  readonly last_win_at: Date | null;
  readonly last_signature_at: Date | null;
  readonly bids_since: Date | null;
  readonly unwatched_since: Date | null;
  readonly queued: number;
  readonly oldest_queued_at: Date | null;
  readonly working: number;
  readonly worked_until: Date | null;
  readonly clocks_off: number;
  readonly told: readonly ToldRow[];
}

interface ToldRow extends Pick<Trouble, 'kind' | 'severity'> {
  readonly since: string;
  readonly count: number | null;
  readonly detail: string | null;
}

/** What all processes have left on disk, in one statement. */
export async function readDatabaseFigures(dataSource: DataSource): Promise<DatabaseFigures> {
  const [row] = await dataSource.query<Row[]>(FIGURES, [REPEATED_WHEN_UNKNOWN, TROUBLE_KINDS]);
  if (row === undefined) throw new Error('a query without a row');
  return {
    now: row.now,
    qi: {
      answeredAt: row.answered_at,
      failures: row.failures,
      failedSince: row.failed_since,
      lastFailure: row.last_failure,
      undelivered: row.undelivered,
      lastMinute: { calls: row.calls, failed: row.failed_calls },
    },
    commands: { waiting: row.commands, since: row.commands_since },
    webhooks: {
      lastAt: row.webhook_at,
      listeningSince: row.listening_since,
      inHourBefore: row.hour_before,
      queued: row.queued,
      oldestQueuedAt: row.oldest_queued_at,
    },
    success: {
      lastWinAt: row.last_win_at,
      lastSignatureAt: row.last_signature_at,
      bidsSince: row.bids_since,
    },
    unwatchedSince: row.unwatched_since,
    processes: { working: row.working, workedUntil: row.worked_until, clocksOff: row.clocks_off },
    told: row.told.map(troubleTold),
  };
}

function troubleTold({ kind, severity, since, count, detail }: ToldRow): Trouble {
  return {
    ...{ kind, severity, since: new Date(since) },
    ...(count === null ? {} : { count }),
    ...(detail === null ? {} : { detail }),
  };
}
