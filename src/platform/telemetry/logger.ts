import { mkdirSync, openSync, write } from 'node:fs';
import { dirname } from 'node:path';
import { pino, stdSerializers, symbols, type Logger } from 'pino';
import { codeOf } from '../../kernel';
import { isAtDisk } from '../process/at-disk';
import { SettingsError } from '../settings';
import { LogOutput, STANDARD_ERROR, STANDARD_OUTPUT } from './log-output';

export type { Logger };
/** Injection token of the structured logger. Fields are snake_case; personal data never goes in. */
export const LOGGER = Symbol('Logger');

/** One JSON line per event: to the file where one is named, else to standard output. */
export function createLogger(options: { readonly level: string; readonly file: string | undefined }): Logger {
  const output = new LogOutput(options.file === undefined ? STANDARD_OUTPUT : openLogFile(options.file), {
    lost: (lines) => {
      logger.error({ lines }, 'lines are missing here: the log could not be written');
    },
    refused: ({ message }) => {
      // The metric says it as well, where this is not taken either.
      write(STANDARD_ERROR, `The log cannot be written (${message}). The work goes on.\n`, () => undefined);
    },
  });
  const logger = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      serializers: { err: serializeError },
    },
    output,
  );
  process.once('exit', (code) => {
    output.flushSync();
    // The end waits for whatever is under way at a disk: a crash must be seen by whoever starts it again.
    const isHeld = output.isHeld || (code !== 0 && isAtDisk(LogOutput.underWay));
    if (isHeld) process.kill(process.pid, 'SIGKILL');
  });
  return logger;
}

/** Undefined for a logger that was not made here. */
export function outputOf(logger: Logger): LogOutput | undefined {
  const stream: unknown = Reflect.get(logger, symbols.streamSym);
  return stream instanceof LogOutput ? stream : undefined;
}

/** Opened at once: a start that fails a moment later must still be able to say why. */
function openLogFile(file: string): number {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return openSync(file, 'a');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unknown';
    throw new SettingsError([`ARREMATE_LOG_FILE (${file}) cannot be opened: ${why}`]);
  }
}

/** Query parameters and response bodies hang on database and HTTP errors and may be personal: only these go out. */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: 'thrown value is not an Error' };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, code: codeOf(error), stack };
}
