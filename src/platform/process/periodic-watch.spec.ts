import { pino } from 'pino';
import { createMetrics } from '../telemetry/metrics';
import { Periodic } from './periodic';
import { PeriodicWatch } from './periodic-watch.service';
import { ReadyDetails } from '../http/ready-details';

/** Time passes, as much as is said however busy the machine is. */
const soon = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('the watch over what is periodic', () => {
  it('says once that a job that hangs is late, and once that it is done again', async () => {
    const lines: { readonly job: string; readonly msg: string }[] = [];
    const log = pino(
      {},
      {
        write: (line: string) => {
          lines.push(JSON.parse(line) as { job: string; msg: string });
        },
      },
    );
    const metrics = createMetrics();
    const details = new ReadyDetails();
    const watch = new PeriodicWatch(details, log, metrics);
    watch.onApplicationBootstrap();
    let release = (): void => undefined;
    const job = new Periodic({
      name: 'stuck',
      everyMs: 1,
      lateAfterMs: 20,
      run: () => new Promise<void>((resolve) => (release = resolve)),
      onError: () => undefined,
    });
    job.start(0);
    await soon(50);
    watch.look();
    watch.look();
    expect(details.read()).toEqual({ periodic: { late: 'stuck' } });
    expect(await metrics.metrics()).toContain('arremate_periodic_late{job="stuck"} 1');
    release();
    await soon(1);
    watch.look();
    watch.look();
    expect(details.read()).toEqual({ periodic: { late: null } });
    expect(await metrics.metrics()).toMatch(/arremate_periodic_last_run_seconds\{job="stuck"\} 0\.\d/);
    expect(lines.map(({ job: name, msg }) => [name, msg])).toEqual([
      ['stuck', 'a periodic job is not done any more'],
      ['stuck', 'a periodic job is done again'],
    ]);
    const stopped = job.stop();
    release();
    await stopped;
  });
});
