import 'reflect-metadata';
import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { runAuditCommand, runRotateKeys } from './access';
import { commandActor } from './command-actor';
import { runConformanceCommand, type ConformanceArguments } from './conformance';
import { calendarDateAt, systemClock } from './kernel';
import {
  anchorFileOf,
  applyMigrations,
  assertSchemaFits,
  AuditSeals,
  AuditTrail,
  createDataSource,
  databaseAt,
  opened,
  databaseRolesIn,
  encryptionKeysIn,
  given,
  switchBidding,
} from './platform';
import { awaitsConfirmation } from './recovery';
import { loadReferenceData, runPolicyCommand } from './policy';
import { runQuote } from './pricing';
import { runWebhookReplay, type WebhookReplayOptions } from './reconciliation';
import { readProposalRequest, rereadWebhook } from './qi';
import { runArchiveCommand, runArchiveQuery, runArchiveVerify, runRetentionCommand } from './retention';
import { runBacktestCommand, runDecisionReplay } from './trial';
import { runLearnCommand } from './winning';

const environment = given(process.env);

/** What npm runs for `npm run quote`, `policy`, `migrate`, `kill-switch` and `audit`. Exit 2 means wrong use or wrong input. */
const program = new Command('arremate').exitOverride().showHelpAfterError();

program
  .command('quote')
  .argument('<file>', 'a case to price, as JSON')
  .description('prices one case and prints one JSON object')
  .action((file: string) => {
    process.exitCode = runQuote(file);
  });

program
  .command('policy')
  .argument('<check|test|diff|backtest|replay|import|export>')
  .argument('<files...>')
  .description('works on policy files')
  .action(async (action: string, files: readonly string[]) => {
    if (action === 'backtest') return overStoredRequests(runBacktestCommand, files);
    if (action === 'replay') return overStoredRequests(runDecisionReplay, files);
    process.exitCode = runPolicyCommand([action, ...files], {
      out: (line) => process.stdout.write(`${line}\n`),
      err: (line) => process.stderr.write(`${line}\n`),
      reference: loadReferenceData('config'),
      today: calendarDateAt(systemClock.now()),
    });
  });

program
  .command('migrate')
  .description('brings the database to the present schema: as DATABASE_OWNER_URL, else as DATABASE_URL')
  .action(async () => {
    const say = (fields: object, line: string): void => {
      process.stderr.write(`${line} ${JSON.stringify(fields)}\n`);
    };
    const roles = databaseRolesIn(environment);
    tellDatabase(roles.ownerUrl ?? roles.url);
    const applied = await applyMigrations(roles, { info: say, warn: say });
    process.stdout.write(`${applied.length} migrations applied\n`);
  });

program
  .command('kill-switch')
  .argument('<on|off>', 'on: no bid is sent any more, by any process, from its next send on')
  .requiredOption('--reason <text>', 'kept beside the change')
  .description('stops all bidding at once, or lets it go on')
  .action((state: string, { reason }: { reason: string }) =>
    withDatabase(async (dataSource) => {
      if (state !== 'on' && state !== 'off') throw new Error('kill-switch takes on or off');
      const change = { engaged: state === 'on', reason, actor: commandActor() };
      await dataSource.transaction(async (tx) => {
        if (!change.engaged && (await awaitsConfirmation(tx)))
          throw new Error(
            'The database was restored: confirm what was found first (docs/runbooks/restore.md)',
          );
        await switchBidding(tx, auditTrail(), change);
      });
      process.stdout.write(state === 'on' ? 'Bidding is stopped.\n' : 'Bidding goes on.\n');
    }, onAnySchema),
  );

program
  .command('replay')
  .option('--key <key>', 'webhooks of one request, proposal or operation')
  .option('--day <date>', 'received on this day in São Paulo')
  .option('--from <time>', 'received at or after')
  .option('--before <time>', 'received before')
  .option('--apply', 'not only say which')
  .option('--reason <text>', 'kept in the audit trail')
  .description('handles archived webhooks again; without --apply only says which')
  .action((options: WebhookReplayOptions) =>
    withDatabase(async (dataSource) => {
      process.exitCode = await runWebhookReplay(dataSource, auditTrail(), options, {
        actor: commandActor(),
        out: (line) => process.stdout.write(`${line}\n`),
      });
    }),
  );

program
  .command('learn')
  .description('has the rates learnt again from all that is known, by whichever service runs')
  .action(() =>
    withDatabase(async (dataSource) => {
      process.exitCode = await dataSource.transaction((tx) =>
        runLearnCommand(tx, auditTrail(), {
          now: systemClock.now(),
          actor: commandActor(),
          out: (line) => process.stdout.write(`${line}\n`),
        }),
      );
    }),
  );

program
  .command('audit')
  .argument('<verify>')
  .option('--anchor <id:hash>', 'what an earlier verify printed: the chain must still contain it')
  .description('checks that no row of the audit trail was changed, removed or put in another order')
  .action((action: string, options: { anchor?: string }) =>
    withDatabase(async (dataSource) => {
      if (action !== 'verify') throw new Error('audit takes verify');
      const keys = environment['ARREMATE_ENCRYPTION_KEY'];
      process.exitCode = await runAuditCommand(
        dataSource,
        { ...options, keys, anchorFile: anchorFileOf(environment) },
        (line) => process.stdout.write(`${line}\n`),
      );
    }),
  );

program
  .command('retention')
  .option('--dry-run', 'only say what (the default)')
  .option('--apply', 'erase it')
  .description('what has been kept for longer than config/retention.json says')
  .action((options: { dryRun?: boolean; apply?: boolean }) =>
    withDatabase(async (dataSource) => {
      if (options.dryRun === true && options.apply === true)
        throw new Error('retention takes --dry-run or --apply');
      process.exitCode = await runRetentionCommand(
        dataSource,
        {
          apply: options.apply === true,
          actor: commandActor(),
          keys: environment['ARREMATE_ENCRYPTION_KEY'],
        },
        (line) => process.stdout.write(`${line}\n`),
      );
    }),
  );

const archive = program
  .command('archive')
  .option('--months <count>', 'received longer ago than so many months', '24')
  .option('--apply', 'write it into files, read them back, delete it')
  .description(
    'decisions and bids of old auctions as Parquet files in ARREMATE_ARCHIVE_DIR (docs/archive.md)',
  )
  .action((options: { months: string; apply?: boolean }) =>
    withDatabase(async (dataSource) => {
      process.exitCode = await runArchiveCommand(
        dataSource,
        {
          directory: environment['ARREMATE_ARCHIVE_DIR'],
          months: options.months,
          apply: options.apply === true,
          actor: commandActor(),
          keys: environment['ARREMATE_ENCRYPTION_KEY'],
        },
        printLine,
      );
    }),
  );
archive
  .command('query')
  .argument('<sql>', 'of DuckDB; its tables are auction, decision, bid, bid_attempt, exposure, history_fact')
  .description('asks the archive: one JSON object a line')
  .action(async (sql: string) => {
    process.exitCode = await runArchiveQuery(environment['ARREMATE_ARCHIVE_DIR'], sql, printLine);
  });
archive
  .command('verify')
  .description(
    'holds every file against the hash it was archived with, and the parts against the audit trail',
  )
  .action(async () => {
    const verify = async (dataSource?: DataSource): Promise<void> => {
      process.exitCode = await runArchiveVerify(environment['ARREMATE_ARCHIVE_DIR'], printLine, dataSource);
    };
    // Whoever has nothing but a copy of the files may hold it against their hashes.
    await (environment['DATABASE_URL'] === undefined ? verify() : withDatabase(verify));
  });

program
  .command('rotate-keys')
  .description(
    'encrypts everything with the first key of ARREMATE_ENCRYPTION_KEY, bound to its place; can be stopped and run again',
  )
  .action(() =>
    withDatabase(async (dataSource) => {
      const options = {
        keys: environment['ARREMATE_ENCRYPTION_KEY'],
        actor: commandActor(),
        ownerUrl: environment['DATABASE_OWNER_URL'],
      };
      process.exitCode = await runRotateKeys(dataSource, options, (line) =>
        process.stdout.write(`${line}\n`),
      );
    }),
  );

function overStoredRequests(
  command: typeof runBacktestCommand | typeof runDecisionReplay,
  args: readonly string[],
): Promise<void> {
  return withDatabase(async (dataSource) => {
    process.exitCode = await command(dataSource, args, {
      out: (line) => process.stdout.write(`${line}\n`),
      err: (line) => process.stderr.write(`${line}\n`),
      clock: systemClock,
      actor: commandActor(),
      encryptionKeys: environment['ARREMATE_ENCRYPTION_KEY'],
      gate: { reread: rereadWebhook },
      read: (document) => {
        const reading = readProposalRequest(document);
        return reading.kind === 'read' ? reading.request : undefined;
      },
    });
  });
}

program
  .command('conformance')
  .description('finds out against QI itself what its public texts leave open, and the settings that follow')
  .option('--base-url <url>', "QI's address; QI_BASE_URL")
  .option('--api-client-key <key>', 'the integration key; QI_API_CLIENT_KEY')
  .option('--private-key <file>', 'ours, PEM; QI_PRIVATE_KEY_FILE')
  .option('--public-key <file>', "QI's, PEM; QI_PUBLIC_KEY_FILE")
  .option('--purchaser <cnpj>', 'that proposals name; PURCHASER_DOCUMENT_NUMBER')
  .option('--signing <scheme>', 'try this one only')
  .option('--listen <host:port>', 'where webhooks arrive', '127.0.0.1:3000')
  .option('--wait <seconds>', 'for a webhook that should come at once', '60')
  .option(
    '--ack-wait <seconds>',
    'after which a webhook that did not come again is done; 0: do not ask',
    '330',
  )
  .option('--yes', 'ask nothing')
  .action(async (options: ConformanceArguments) => {
    process.exitCode = await runConformanceCommand(options);
  });

function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** What commands record is sealed like everything else. */
function auditTrail(): AuditTrail {
  const keys = encryptionKeysIn(environment['ARREMATE_ENCRYPTION_KEY']);
  return new AuditTrail(systemClock, new AuditSeals(keys));
}

type WithDatabase = (dataSource: DataSource) => Promise<void>;

/** Bidding can be stopped whatever else does not fit. */
const onAnySchema: WithDatabase = () => Promise.resolve();

async function withDatabase(work: WithDatabase, check: WithDatabase = assertSchemaFits): Promise<void> {
  const { url } = databaseRolesIn(environment);
  tellDatabase(url);
  const dataSource = await opened(
    createDataSource(url, {
      poolSize: 2, // one holds the lock of a run that only one may be at
      applicationName: 'arremate-cli',
    }),
  );
  try {
    await check(dataSource);
    await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Where DATABASE_URL was forgotten, npm gives us the embedded one: nobody may take its answer for that of the right one. */
function tellDatabase(url: string): void {
  process.stderr.write(`Database: ${databaseAt(url)}\n`);
}

program.parseAsync().catch((error: unknown) => {
  // commander has printed its own complaints already
  if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('commander.'))) {
    process.stderr.write(`${error instanceof Error ? error.message : 'failed'}\n`);
  }
  process.exitCode = error instanceof Error && 'exitCode' in error && error.exitCode === 0 ? 0 : 2;
});
