import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { waitFor } from '../../test/support/wait-for';
import { systemClock } from '../kernel';
import type { AuditTrail, FieldCipher, Settings } from '../platform';
import type { PricingDataService } from '../pricing';
import { ConformanceRuns } from './conformance-runs.service';

describe('a conformance run', () => {
  let qi: Server;
  beforeAll(async () => {
    qi = createServer((request, response) => {
      request.resume();
      setTimeout(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'), 100);
    });
    await new Promise<void>((resolve) => qi.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    qi.closeAllConnections();
    qi.close();
  });

  it('goes on to its end, which writes all findings, while none of them can be noted', async () => {
    const ends: unknown[][] = [];
    const query = (sql: string, values: unknown[] = []): Promise<unknown> => {
      if (sql.includes('SET findings = $2')) return Promise.reject(new Error('the database restarts'));
      if (sql.includes('SET state = $2')) ends.push(values);
      if (sql.includes('INSERT INTO conformance_run')) return Promise.resolve([{ id: 'a', writes: false }]);
      return Promise.resolve(sql.includes('max(id)') ? [{ last: '0' }] : []);
    };
    const runs = new ConformanceRuns(
      { query, transaction: (work: (tx: unknown) => unknown) => work({ query }) } as unknown as DataSource,
      {} as FieldCipher,
      { record: () => Promise.resolve() } as unknown as AuditTrail,
      { context: {} } as unknown as PricingDataService,
      {} as ConstructorParameters<typeof ConformanceRuns>[4],
      systemClock,
      {
        QI_BASE_URL: `http://127.0.0.1:${(qi.address() as AddressInfo).port}`,
        QI_API_CLIENT_KEY: 'key',
        PURCHASER_DOCUMENT_NUMBER: '11222333000181',
      } as Settings,
      pino({ level: 'silent' }),
    );
    await runs.begin(false, { id: 'ana' } as Parameters<ConformanceRuns['begin']>[1]);
    const [, state, , findings] = await waitFor('its end', () => ends[0]);
    expect(state).toBe('done');
    expect(JSON.parse(String(findings))).not.toEqual([]);
  });
});
