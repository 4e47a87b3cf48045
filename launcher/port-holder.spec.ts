import { createServer } from 'node:net';
import { describePortHolder } from './port-holder';
import { findFreePort } from './ports';

test('whoever holds a port is named', async () => {
  const port = await findFreePort();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  expect(describePortHolder(port)).toContain(String(process.pid));
  server.close();
});

test('a port that nobody holds has no name to tell', async () => {
  expect(describePortHolder(await findFreePort())).toBe('another process');
});
