import { createServer } from 'node:net';
import { assertCanListen, findFreePort, isPortFree, withPorts } from './ports';

test('a taken port is seen as taken, and its holder is named', async () => {
  const port = await findFreePort();
  expect(await isPortFree(port)).toBe(true);
  await expect(assertCanListen('PORT', port, '127.0.0.1')).resolves.toBeUndefined();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await isPortFree(port)).toBe(false);
  await expect(assertCanListen('PORT', port, '127.0.0.1')).rejects.toThrow(
    `PORT ${port} is taken by process ${process.pid} `,
  );
  server.close();
});

test('an address of another machine is not called taken: the message says what is wrong', async () => {
  await expect(assertCanListen('PORT', 3000, '192.0.2.1')).rejects.toThrow(
    /^PORT 3000 cannot be opened at 192\.0\.2\.1 \(EADDRNOTAVAIL\)\.\n {2}HOST must be/,
  );
});

test.each(['abc', '70000', '-1', '1.5', '1e3'])(
  'PORT=%s is no port, and the message names the setting',
  async (PORT) => {
    await expect(withPorts({ PORT })).rejects.toThrow(/^PORT must be a whole number from 0 to 65535/);
  },
);

test('0 is any free port, for all who are told of it', async () => {
  const { PORT, SANDBOX_PORT, HOST } = await withPorts({ PORT: '0', SANDBOX_PORT: '3100', HOST: 'here' });
  expect(Number(PORT)).toBeGreaterThan(0);
  expect([SANDBOX_PORT, HOST]).toEqual(['3100', 'here']);
  expect(await withPorts({})).toEqual({});
});
