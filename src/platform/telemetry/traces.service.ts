import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Trace, TraceAttributes, TraceSender } from '../domain';
import type { Logger } from './logger';
import type { NameResolver } from '../name-resolver';
import type { Settings } from '../settings';

/**
 * Traces for whoever collects them by OTLP over HTTP (`ARREMATE_TRACES_URL`). Off by default: then there is none to add
 * to, and nothing of the borrowed library is loaded.
 */
@Injectable()
export class Traces implements OnApplicationShutdown {
  private constructor(private readonly sender: TraceSender | undefined) {}

  static async open(
    { ARREMATE_TRACES_URL: url }: Settings,
    logger: Logger,
    names: NameResolver,
  ): Promise<Traces> {
    if (url === undefined) return new Traces(undefined);
    const { sendTraces } = await import('./otlp-traces.js');
    return new Traces(sendTraces(url, logger, names));
  }

  /** @returns undefined while nobody collects them */
  begin(name: string, at: Date, attributes: TraceAttributes): Trace | undefined {
    return this.sender?.begin(name, at, attributes);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sender?.close();
  }
}
