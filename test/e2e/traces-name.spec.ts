import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { NameServer } from '../support/name-server';

/** In a process of its own: OpenTelemetry imports as it runs, which jest does not do. */
const SENDER = `
  require('node:dns').lookup = () => undefined;
  const { NameResolver } = require('./dist/src/platform/name-resolver.js');
  const { createLogger } = require('./dist/src/platform/telemetry/logger.js');
  const { sendTraces } = require('./dist/src/platform/telemetry/otlp-traces.js');
  const [url, server] = process.argv.slice(1);
  const names = new NameResolver({ servers: [server] });
  const traces = sendTraces(url, createLogger({ level: 'silent', file: undefined }), names);
  traces.begin('auction', new Date(), {}).end(new Date(), {}, 'well');
  void traces.close();
`;

it('whoever collects traces is found without the threads in which the names of QI and the database are looked up', async () => {
  const nameServer = await NameServer.start({ 'collector.example': '127.0.0.1' });
  const collector = createServer((request, response) => {
    request.resume();
    response.end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const { port } = collector.address() as AddressInfo;
  const told = new Promise<string | undefined>((resolve) => {
    collector.once('request', ({ url }) => {
      resolve(url);
    });
  });
  const sender = spawn(
    process.execPath,
    ['-e', SENDER, `http://collector.example:${port}/v1/traces`, nameServer.address],
    { stdio: 'inherit' },
  );
  const ended = new Promise((resolve) => sender.once('close', resolve));
  expect(await told).toBe('/v1/traces');
  await ended;
  await new Promise((resolve) => collector.close(resolve));
  await nameServer.stop();
}, 20_000);
