import { ROOT_CONTEXT, SpanStatusCode, trace, type Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace';
import type { Trace, TraceAttributes, TraceSender } from '../domain';
import type { Logger } from './logger';
import type { NameResolver } from '../name-resolver';
import { productVersion } from '../product-version';

const SENT_EVERY_MS = 2_000;
const SENT_AT_ONCE = 512;
/** Waiting to be sent; beyond it the newest are lost, for bids matter more. */
const WAITING_MAX = 8_192;
const ANSWERED_WITHIN_MS = 5_000;
/** Of one trace: five POSTs for each of three bids, and what stands around them. */
const STEPS_MAX = 32;

interface Step {
  readonly name: string;
  readonly from: Date;
  readonly to: Date;
  readonly attributes: TraceAttributes;
}

/** The only file that knows OpenTelemetry; loaded by whoever is told where traces go. */
export function sendTraces(url: string, logger: Logger, names: NameResolver): TraceSender {
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'arremate', 'service.version': productVersion() }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new TellingExporter(url, logger, names),
        scheduledDelayMillis: SENT_EVERY_MS,
        maxExportBatchSize: SENT_AT_ONCE,
        maxQueueSize: WAITING_MAX,
        exportTimeoutMillis: ANSWERED_WITHIN_MS,
      }),
    ],
  });
  const tracer = provider.getTracer('arremate');
  return {
    begin: (name, at, attributes) => new OtlpTrace(tracer, { name, at, attributes }),
    close: async () => {
      await provider.shutdown().catch((error: unknown) => {
        logger.warn({ err: error }, 'the last traces could not be sent');
      });
    },
  };
}

/** Kept in memory until its end, so that nobody is sent steps of a trace that another process goes on with. */
class OtlpTrace implements Trace {
  readonly #steps: Step[] = [];

  constructor(
    private readonly tracer: Tracer,
    private readonly beginning: {
      readonly name: string;
      readonly at: Date;
      readonly attributes: TraceAttributes;
    },
  ) {}

  step(name: string, from: Date, to: Date, attributes: TraceAttributes = {}): void {
    if (this.#steps.length < STEPS_MAX) this.#steps.push({ name, from, to, attributes });
  }

  end(at: Date, attributes: TraceAttributes, went: 'well' | 'wrong'): void {
    const { name, at: startTime, attributes: first } = this.beginning;
    const whole = this.tracer.startSpan(
      name,
      { startTime, attributes: { ...first, ...attributes } },
      ROOT_CONTEXT,
    );
    const within = trace.setSpan(ROOT_CONTEXT, whole);
    for (const step of this.#steps)
      this.tracer
        .startSpan(step.name, { startTime: step.from, attributes: step.attributes }, within)
        .end(step.to);
    if (went === 'wrong') whole.setStatus({ code: SpanStatusCode.ERROR });
    whole.end(at);
  }
}

/** Says once that nobody takes the traces, and once that somebody does again. */
class TellingExporter extends OTLPTraceExporter {
  #isFailing = false;

  constructor(
    url: string,
    private readonly logger: Logger,
    names: NameResolver,
  ) {
    super({
      ...{ url, timeoutMillis: ANSWERED_WITHIN_MS },
      httpAgentOptions: { keepAlive: true, lookup: names.lookup() },
    });
  }

  override export(...[spans, tell]: Parameters<OTLPTraceExporter['export']>): void {
    super.export(spans, (result) => {
      const isFailing = result.error !== undefined;
      if (isFailing && !this.#isFailing)
        this.logger.warn(
          { why: result.error?.message },
          'traces are not taken: they are lost until they are',
        );
      if (!isFailing && this.#isFailing) this.logger.info('traces are taken again');
      this.#isFailing = isFailing;
      tell(result);
    });
  }
}
