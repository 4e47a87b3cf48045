import './node-threads';
import 'reflect-metadata';
import { createLogger, endProcess, readSettings } from './platform';
import { startService } from './service';
import { inPlainWords } from './start-refusal';

/** Starts the service; ends with exit 1 and plain words when it cannot start, and drains on SIGTERM or SIGINT. */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const logger = createLogger({ level: settings.ARREMATE_LOG_LEVEL, file: settings.ARREMATE_LOG_FILE });
  const service = await startService(settings, logger);
  logger.info({ url: service.url }, 'listening');
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      // A drain that does not end is ended: what it held is in the database and its leases run out.
      setTimeout(() => void endProcess(0, logger), settings.engine.instance.drain_ms).unref();
      service.close().then(
        () => endProcess(0, logger),
        (error: unknown) => {
          logger.error({ err: error }, 'the drain failed');
          return endProcess(1, logger);
        },
      );
    });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${inPlainWords(error, process.env)}\n`);
  process.exit(1);
});
