import { userInfo } from 'node:os';
import { commandActor } from './command-actor';

test('whoever runs a command is named, and numbered where the system has no name', () => {
  expect(commandActor()).toBe(`command line:${userInfo().username}`);
  const nameless = () => {
    throw new Error('uv_os_get_passwd returned ENOENT');
  };
  expect(commandActor(nameless)).toBe(`command line:uid ${process.getuid?.() ?? 'unknown'}`);
});
