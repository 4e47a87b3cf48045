import { createServer } from 'node:net';
import { describePortHolder } from './port-holder';
import { findFreePort, isPortFree } from './ports';

test('a taken port is seen as taken, and its holder is named', async () => {
  const port = await findFreePort();
  expect(await isPortFree(port)).toBe(true);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(await isPortFree(port)).toBe(false);
  expect(describePortHolder(port)).toContain(String(process.pid));
  server.close();
});

test('a port that nobody holds has no name to tell', async () => {
  expect(describePortHolder(await findFreePort())).toBe('another process');
});
